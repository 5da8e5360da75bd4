// init's steps: one function each, found by overload from the dispatcher in init.cc. What each
// does is said once, in src/plan/steps.ts.
#pragma once

#include "init/context.h"
#include "init/status.h"
#include "wire/steps.gen.h"

namespace sampan::init {

// namespaces.cc
Status run(Context& c, const wire::OpenNamespace& s);
Status run(Context& c, const wire::EnterNamespace& s);
Status run(Context& c, const wire::EnterContainer& s);
Status run(Context& c, const wire::Unshare& s);
Status run(Context& c, const wire::SetTimeOffsets& s);
Status run(Context& c, const wire::Fork& s);
Status run(Context& c, const wire::BecomeRoot& s);

// identity.cc
Status run(Context& c, const wire::ForbidTracing& s);
Status run(Context& c, const wire::NewSession& s);
Status run(Context& c, const wire::NewKeyring& s);
Status run(Context& c, const wire::SetLoopbackUp& s);
Status run(Context& c, const wire::SetHostname& s);
Status run(Context& c, const wire::SetDomainname& s);

// root_filesystem.cc
Status run(Context& c, const wire::SetPropagation& s);
Status run(Context& c, const wire::OpenSource& s);
Status run(Context& c, const wire::TakeSource& s);
Status run(Context& c, const wire::OpenRoot& s);
Status run(Context& c, const wire::PivotRoot& s);
Status run(Context& c, const wire::MoveRoot& s);
Status run(Context& c, const wire::ChangeRoot& s);
Status run(Context& c, const wire::TakeRoot& s);
Status run(Context& c, const wire::MakeRootReadOnly& s);
Status run(Context& c, const wire::SetRootPropagation& s);

// mounts.cc
Status run(Context& c, const wire::MakeDirectory& s);
Status run(Context& c, const wire::MountFilesystem& s);
Status run(Context& c, const wire::BindMount& s);

// kept_mounts.cc
Status run(Context& c, const wire::KeepMounts& s);

// bind_link.cc
Status run(Context& c, const wire::BindLink& s);

// classic_mount.cc
Status run(Context& c, const wire::MountAtOnce& s);
Status run(Context& c, const wire::ChangeMount& s);

// copy_up.cc
Status run(Context& c, const wire::MountCopyUp& s);

// devices.cc
Status run(Context& c, const wire::MakeDevice& s);
Status run(Context& c, const wire::BindDevice& s);
Status run(Context& c, const wire::MakeSymlink& s);

// terminal.cc
Status run(Context& c, const wire::OpenTerminal& s);

// masking.cc
Status run(Context& c, const wire::MaskPath& s);
Status run(Context& c, const wire::MakeReadOnly& s);

// credentials.cc
Status run(Context& c, const wire::SetRlimit& s);
Status run(Context& c, const wire::SetUmask& s);
Status run(Context& c, const wire::ForbidNewPrivileges& s);
Status run(Context& c, const wire::SetBounding& s);
Status run(Context& c, const wire::SetUser& s);
Status run(Context& c, const wire::SetCapabilities& s);

// home.cc
Status run(Context& c, const wire::FindHome& s);

// proc.cc
Status run(Context& c, const wire::OpenProc& s);
Status run(Context& c, const wire::SetSysctl& s);
Status run(Context& c, const wire::WriteAttribute& s);

// scheduling.cc
Status run(Context& c, const wire::SetPersonality& s);
Status run(Context& c, const wire::SetMemoryPolicy& s);
Status run(Context& c, const wire::SetScheduler& s);
Status run(Context& c, const wire::SetIoPriority& s);
Status run(Context& c, const wire::SetAffinity& s);

// program.cc
Status run(Context& c, const wire::SetCwd& s);
Status run(Context& c, const wire::FindProgram& s);
Status run(Context& c, const wire::Execute& s);

// hooks.cc
Status run(Context& c, const wire::RunHook& s);

// seccomp.cc
Status run(Context& c, const wire::LoadSeccomp& s);

// stamps.cc
Status run(Context& c, const wire::StampSteps& s);

// start.cc
Status run(Context& c, const wire::CloseDescriptors& s);
Status run(Context& c, const wire::ReportReady& s);
Status run(Context& c, const wire::AwaitStart& s);
Status run(Context& c, const wire::AwaitRuntime& s);

}  // namespace sampan::init
