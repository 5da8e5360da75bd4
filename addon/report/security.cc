// The report's capabilities and restrictions, from /proc/self/status (proc_pid_status(5)).
#include "report/table.h"

namespace sampan {
namespace {

// By bit, linux/capability.h. One string: a table of pointers is three times its size.
constexpr std::string_view kCapabilities =
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP "
    "LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER "
    "SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE "
    "SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP "
    "MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF "
    "CHECKPOINT_RESTORE";

std::string_view status_field(std::string_view name) {
  std::string_view rest = read_text("/proc/self/status");
  std::string_view line;
  while (next_line(rest, line)) {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') continue;
    line.remove_prefix(name.size() + 1);
    return next_word(line);
  }
  return {};
}

uint64_t hexadecimal(std::string_view text) {
  uint64_t value = 0;
  for (const char c : text)
    value = value * 16 + static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return value;
}

void report_set(Table& table, const char* label, const char* field) {
  const std::string_view text = status_field(field);
  if (text.empty()) return table.row(label, "unknown");
  const uint64_t set = hexadecimal(text);
  table.row(label);
  if (set == 0) table.word("none");
  std::string_view names = kCapabilities;
  for (unsigned bit = 0; bit < 64; bit++) {
    const std::string_view known = next_word(names);
    if ((set >> bit & 1) == 0) continue;
    Text<32> name;
    if (known.empty()) {
      name << bit;
    } else {
      name << "CAP_" << known;
    }
    table.word(name.view());
  }
}

void report_seccomp(Table& table) {
  const std::string_view mode = status_field("Seccomp");
  Text<64> text;
  if (mode == "0") text << "off";
  if (mode == "1") text << "strict";
  if (mode == "2") {
    text << "filter";
    const std::string_view count = status_field("Seccomp_filters");
    if (!count.empty()) text << " (" << count << " loaded)";
  }
  if (text.size() == 0) text << "unknown";
  table.row("seccomp", text.view());
}

}  // namespace

void report_security(Table& table) {
  table.heading("capabilities");
  report_set(table, "effective", "CapEff");
  report_set(table, "bounding", "CapBnd");
  report_set(table, "ambient", "CapAmb");
  table.heading("restrictions");
  const std::string_view denied = status_field("NoNewPrivs");
  table.row("no_new_privs", denied == "1" ? "on" : denied == "0" ? "off" : "unknown");
  report_seccomp(table);
}

}  // namespace sampan
