/* clone3(2) and clone(2) with a function to call in the child: glibc keeps its own to itself.
   See clone_call.h. The child starts on the stack that is named, with no frame to return to. */

.text
.globl sampan_clone3
.hidden sampan_clone3
.type sampan_clone3, %function
.globl sampan_clone
.hidden sampan_clone
.type sampan_clone, %function

#if defined(__x86_64__)
sampan_clone3:
  endbr64
  mov %rcx, %r8 /* the system call destroys rcx and r11 */
  mov $435, %eax
  syscall
  test %rax, %rax
  jne 1f
  xor %ebp, %ebp
  mov %r8, %rdi
  call *%rdx
  ud2
1:
  ret

/* clone(2) takes its fifth argument only with CLONE_SETTLS, and registers survive in the child. */
sampan_clone:
  endbr64
  mov %rcx, %r10
  mov $56, %eax
  syscall
  test %rax, %rax
  jne 1f
  xor %ebp, %ebp
  mov %r9, %rdi
  call *%r8
  ud2
1:
  ret
#elif defined(__aarch64__)
sampan_clone3:
  mov x8, #435
  svc #0
  cbnz x0, 1f
  mov x29, xzr
  mov x0, x3
  blr x2
  brk #0
1:
  ret

/* clone(2) takes its fourth argument here only with CLONE_SETTLS, the child's tid is the fifth. */
sampan_clone:
  mov x6, x4
  mov x4, x3
  mov x8, #220
  svc #0
  cbnz x0, 1f
  mov x29, xzr
  mov x0, x5
  blr x6
  brk #0
1:
  ret
#else
#error "clone_call.S is written for x86-64 and aarch64"
#endif
.size sampan_clone3, sampan_clone - sampan_clone3
.size sampan_clone, . - sampan_clone

.section .note.GNU-stack, "", %progbits
