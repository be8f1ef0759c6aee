// Who leads to whom in a graph, as a matrix of bits: quick to ask, and quick to make for some ten
// thousands of nodes.
//
//   Reachability r;
//   if (!r.close(nodes, arcs)) ...        // there is a cycle
//   if (r.leads(a, b)) ...                // by one edge or more
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seedbed::txn {

struct Arc {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

class Reachability {
 public:
  static std::size_t bytes_for(std::size_t nodes) { return nodes * ((nodes + 63) / 64) * 8; }

  /// False where there is a cycle; there is nothing to ask then.
  bool close(std::uint32_t nodes, std::span<const Arc> arcs);
  bool leads(std::uint32_t a, std::uint32_t b) const {
    const std::size_t bit = place_[b];
    return (bits_[place_[a] * words_ + bit / 64] >> (bit % 64)) & 1U;
  }
  /// Words looked at so far.
  std::uint64_t work() const { return work_; }

 private:
  std::vector<std::uint32_t> place_;  // in a topological order
  std::vector<std::uint64_t> bits_;   // a row for each place: whom it leads to
  std::size_t words_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace seedbed::txn
