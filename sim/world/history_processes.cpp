#include "sim/world/history_processes.h"

#include <algorithm>
#include <map>
#include <set>

namespace seedbed {

std::vector<std::uint32_t> processes_of(std::span<const Operation> operations) {
  std::vector<std::size_t> by_return;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].returned != Operation::kNever) by_return.push_back(i);
  }
  std::sort(by_return.begin(), by_return.end(), [&](std::size_t a, std::size_t b) {
    return operations[a].returned < operations[b].returned;
  });
  std::vector<std::uint32_t> process(operations.size());
  std::map<NodeId, std::set<std::uint32_t>> free;
  std::uint32_t processes = 0;
  std::size_t returned = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    for (; returned < by_return.size(); ++returned) {
      const std::size_t done = by_return[returned];
      if (operations[done].returned > operations[i].invoked) break;
      free[operations[done].client].insert(process[done]);
    }
    auto& of_client = free[operations[i].client];
    process[i] = of_client.empty() ? processes++ : of_client.extract(of_client.begin()).value();
  }
  return process;
}

}  // namespace seedbed
