// Fetching ahead: in a world larger than the caches an event costs as much as the memory it waits
// for. Who knows which events are next can ask for what they will touch while earlier ones are
// handled; what is found behind a pointer takes a second lookahead, nearer to the present.
//
//   Lookahead nodes{8};
//   nodes.popped();                               // once an event
//   nodes.advance(queue.window(), [&](const auto& e) { fetch(&nodes_[e.item.node]); });
#pragma once

#include <algorithm>
#include <cstddef>

namespace seedbed {

/// Hints the processor to fetch an object of which `bytes` will be written or read.
inline void fetch(const void* object, std::size_t bytes = 1) {
  const char* const first = static_cast<const char*>(object);
  __builtin_prefetch(first, 1);
  if (bytes > 64) __builtin_prefetch(first + bytes - 1, 1);
  // g++ 12 takes a function that only prefetches for one that computes nothing, and leaves it out.
  asm volatile("" : : "r"(first));
}

class Lookahead {
 public:
  /// Looks up to `depth` entries ahead.
  explicit constexpr Lookahead(std::size_t depth) : depth_(depth) {}
  void popped() { done_ -= done_ > 0 ? 1 : 0; }
  /// Calls `visit` for those entries of the window within the depth that it was not yet called for.
  template <class Window, class Visit>
  void advance(const Window& window, Visit visit) {
    done_ = std::min(done_, window.size());  // some were cancelled
    const std::size_t end = std::min(depth_, window.size());
    for (; done_ < end; ++done_) visit(window[done_]);
  }

 private:
  std::size_t depth_;
  std::size_t done_ = 0;
};

}  // namespace seedbed
