// probe SECTION…: prints one JSON object of what this process sees, a property for each section
// asked for: `cwd`, or with an argument `path:/proc/kcore`. An unknown section is an error. It
// makes its own system calls and reads no configuration: it is the witness of the tests, and knows
// nothing of what should be.

#include <unistd.h>

#include <cstdio>

#include "probe.h"

namespace probe {
namespace {

const Section* find(std::string_view name) {
  const Section* const lists[] = {kProcessSections, kCredentialSections, kScheduleSections,
                                  kSystemSections,  kFileSections,       kTrialSections,
                                  kNetworkSections};
  for (const Section* list : lists) {
    for (const Section* section = list; !section->name.empty(); section++) {
      if (section->name == name) return section;
    }
  }
  return nullptr;
}

int print(int argc, char** argv) {
  Json json;
  json.open('{');
  for (int i = 1; i < argc; i++) {
    const std::string_view word = argv[i];
    const size_t colon = word.find(':');
    const Section* section = find(word.substr(0, colon));
    if (section == nullptr) return fprintf(stderr, "probe: no section %s\n", argv[i]), 2;
    json.key(word);
    section->print(json, colon == word.npos ? "" : word.substr(colon + 1));
  }
  json.close('}');
  const std::string text = json.result() + '\n';
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n < 0) return perror("probe: write"), 1;
    done += static_cast<size_t>(n);
  }
  return 0;
}

}  // namespace
}  // namespace probe

int main(int argc, char** argv) {
  probe::arguments = argv;
  return probe::print(argc, argv);
}
