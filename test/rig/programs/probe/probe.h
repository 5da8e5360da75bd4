// What the sections of the probe share.
#pragma once

#include <optional>
#include <string>

#include "json.h"

namespace probe {

// What a section gets: the text after its name and a colon, or nothing.
using Argument = std::string_view;
using Print = void (*)(Json&, Argument);

struct Section {
  std::string_view name;
  Print print;
};

// argv of main.
extern char** arguments;

// Splits at each `separator`; empty parts are kept.
std::vector<std::string> split(std::string_view text, char separator);

// What a file holds; nothing with errno set when it cannot be read.
std::optional<std::string> read_file(const std::string& path);

// The sections by what they are about, each list ended by an empty name.
extern const Section kProcessSections[];
extern const Section kCredentialSections[];
extern const Section kScheduleSections[];
extern const Section kSystemSections[];
extern const Section kFileSections[];
extern const Section kTrialSections[];
extern const Section kNetworkSections[];

}  // namespace probe
