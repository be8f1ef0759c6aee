// What is known of each slot beyond a base that only rises: an array that loses its front for next
// to nothing. A replica that restarts may have all of a long log in it.
//
//   SlotWindow<ServerSet> accepted_by_;
//   accepted_by_.at(7).insert(acceptor);
//   accepted_by_.drop_up_to(7);
#pragma once

#include <cstddef>
#include <vector>

#include "protocols/paxos/messages.h"
#include "sim/base/assert.h"

namespace seedbed::paxos {

template <class T>
class SlotWindow {
 public:
  explicit SlotWindow(Slot base = 0) : base_(base) {}

  /// The last slot that something was written to; the base where there is none.
  Slot last() const { return base_ + (items_.size() - head_); }
  bool empty() const { return last() == base_; }
  /// What was never written, or is dropped, is T{}.
  T get(Slot slot) const {
    return slot > base_ && slot <= last() ? items_[head_ + (slot - base_) - 1] : T{};
  }
  /// Of a slot beyond the base.
  T& at(Slot slot) {
    SEEDBED_ASSERT(slot > base_, "slot {} is not beyond {}", slot, base_);
    if (slot > last()) items_.resize(head_ + (slot - base_));
    return items_[head_ + (slot - base_) - 1];
  }
  void drop_up_to(Slot slot) {
    if (slot <= base_) return;
    if (slot >= last()) {
      items_.clear();
      head_ = 0;
    } else {
      head_ += slot - base_;
      if (head_ >= kSlack && head_ > items_.size() / 2) {
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
      }
    }
    base_ = slot;
  }

 private:
  static constexpr std::size_t kSlack = 64;
  std::vector<T> items_;
  std::size_t head_ = 0;  // dropped, and still there
  Slot base_ = 0;
};

}  // namespace seedbed::paxos
