// Entry of the static program: one binary, four roles (roles.h).

#include <string.h>

#include "program/roles.h"

int main(int argc, char** argv) {
  const char* role = argc > 1 ? argv[1] : "";
  if (strcmp(role, "init") == 0) return init_main(argc, argv);
  if (strcmp(role, "attend") == 0) return attend_main(argc, argv);
  if (strcmp(role, "report") == 0) return report_main();
  if (strcmp(role, "probe") == 0) return probe_main(argc, argv);
  return 127;
}
