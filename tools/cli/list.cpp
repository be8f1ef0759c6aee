// seedbed list WHAT: protocols, mutants, faults, checks, workloads or scenarios.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/cli/catalogue.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace seedbed::cli {

int list(const ListOptions& options) {
  for (const std::string& plugin : options.plugins) load_plugin(plugin);
  const std::vector<NamedThing> things = catalogue(options.what);
  if (options.json) {
    auto array = nlohmann::ordered_json::array();
    for (const NamedThing& t : things) {
      nlohmann::ordered_json item{{"name", t.name}, {"about", t.about}};
      if (!t.source.empty()) item["source"] = t.source;
      array.push_back(std::move(item));
    }
    fmt::print("{}\n", array.dump(2));
    return kAsExpected;
  }
  std::size_t width = 0;
  for (const NamedThing& t : things) width = std::max(width, t.name.size());
  for (const NamedThing& t : things) {
    fmt::print("{}  {}\n", styled(Style::kBold, fmt::format("{:<{}}", t.name, width)), t.about);
  }
  return kAsExpected;
}

}  // namespace seedbed::cli
