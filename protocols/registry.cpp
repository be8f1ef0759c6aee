// The protocols there are: the generated table, and what plugins added to it.
#include <algorithm>
#include <vector>

#include "protocols/protocol.h"
#include "sim/base/assert.h"

namespace seedbed {

std::span<const Protocol* const> built_in_protocols();

namespace {

std::vector<const Protocol*>& table() {
  static std::vector<const Protocol*> protocols(built_in_protocols().begin(),
                                                built_in_protocols().end());
  return protocols;
}

}  // namespace

std::span<const Protocol* const> all_protocols() { return table(); }

bool add_protocol(const Protocol& protocol) {
  if (find_protocol(protocol.name) != nullptr) return false;
  const auto by_name = [](const Protocol* a, const Protocol* b) { return a->name < b->name; };
  auto& all = table();
  all.insert(std::upper_bound(all.begin(), all.end(), &protocol, by_name), &protocol);
  return true;
}

}  // namespace seedbed
