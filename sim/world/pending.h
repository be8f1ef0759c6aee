// A first-in first-out list that keeps its memory: the steady state allocates nothing.
//
//   Pending<Event> inbox;
//   inbox.push(event);
//   Event oldest = inbox.pop();
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace seedbed {

template <class T>
class Pending {
 public:
  bool empty() const { return head_ == items_.size(); }
  void push(T value) { items_.push_back(std::move(value)); }
  /// The oldest; there must be one.
  const T& front() const { return items_[head_]; }
  /// Takes the oldest; there must be one.
  T pop() {
    T value = std::move(items_[head_++]);
    if (empty()) {
      clear();
    } else if (head_ >= kSlack && head_ > items_.size() / 2) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    return value;
  }
  /// Removes the first that satisfies `pred`; false if none does.
  template <class Pred>
  bool remove(Pred pred) {
    for (auto it = items_.begin() + static_cast<std::ptrdiff_t>(head_); it != items_.end(); ++it) {
      if (!pred(*it)) continue;
      items_.erase(it);
      if (empty()) clear();
      return true;
    }
    return false;
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  static constexpr std::size_t kSlack = 64;
  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace seedbed
