#include "sim/check/transactions/reachability.h"

#include <numeric>

namespace seedbed::txn {

bool Reachability::close(std::uint32_t nodes, std::span<const Arc> arcs) {
  std::vector<std::size_t> first(nodes + std::size_t{2}, 0);
  std::vector<std::uint32_t> waits(nodes, 0), targets(arcs.size()), order;
  for (const Arc& arc : arcs) {
    ++first[arc.from + std::size_t{2}];
    ++waits[arc.to];
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  for (const Arc& arc : arcs) targets[first[arc.from + std::size_t{1}]++] = arc.to;
  for (std::uint32_t n = 0; n < nodes; ++n) {
    if (waits[n] == 0) order.push_back(n);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t e = first[order[i]]; e < first[order[i] + std::size_t{1}]; ++e) {
      if (--waits[targets[e]] == 0) order.push_back(targets[e]);
    }
  }
  if (order.size() < nodes) return false;
  place_.resize(nodes);
  for (std::uint32_t i = 0; i < nodes; ++i) place_[order[i]] = i;
  words_ = (nodes + std::size_t{63}) / 64;
  bits_.assign(nodes * words_, 0);
  for (std::size_t p = nodes; p-- > 0;) {
    std::uint64_t* row = bits_.data() + p * words_;
    for (std::size_t e = first[order[p]]; e < first[order[p] + std::size_t{1}]; ++e) {
      const std::size_t to = place_[targets[e]];
      if ((row[to / 64] >> (to % 64)) & 1U) continue;  // and so are all that it leads to
      row[to / 64] |= std::uint64_t{1} << (to % 64);
      const std::uint64_t* theirs = bits_.data() + to * words_;
      for (std::size_t w = to / 64; w < words_; ++w) row[w] |= theirs[w];
      work_ += words_ - to / 64;
    }
  }
  return true;
}

}  // namespace seedbed::txn
