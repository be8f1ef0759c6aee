#include "sim/kernel/window.h"

namespace seedbed {

void Window::sort() {
  Entry* const first = room_.data() + head_;
  Entry* const last = room_.data() + tail_;
  if (std::is_sorted(first, last, is_earlier)) return;
  if (size() > kMany) return std::stable_sort(first, last, is_earlier);
  for (std::size_t i = 1; i < size(); ++i) sift_back(first, i, first[i]);
}

/// At the end: what popped entries left in front, if that is much, or more.
void Window::make_room() {
  if (head_ > room_.size() / 2) {
    std::move(room_.begin() + static_cast<std::ptrdiff_t>(head_), room_.end(), room_.begin());
    tail_ -= std::exchange(head_, 0);
  } else {
    constexpr std::size_t kLeast = 64;
    room_.resize(std::max(kLeast, 2 * room_.size()));
  }
}

}  // namespace seedbed
