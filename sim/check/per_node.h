// What an invariant remembers of each node: a table that grows to the index of any of them.
//
//   PerNode<Term> seen_;
//   seen_[n] = s.current_term();
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"

namespace seedbed {

/// Grows to the index of any node.
template <class T>
class PerNode {
 public:
  T& operator[](NodeId n) {
    if (size_ <= n.value) [[unlikely]]
      grow(n);
    return items_[n.value];
  }

 private:
  /// Apart, so that a look that finds nothing is short.
  [[gnu::noinline]] void grow(NodeId n) {
    size_ = n.value + 1;
    items_.resize(size_);
  }

  std::vector<T> items_;
  std::uint32_t size_ = 0;  // of items_, which has to divide for it
};

}  // namespace seedbed
