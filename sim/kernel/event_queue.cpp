#include "sim/kernel/event_queue.h"

namespace seedbed {

namespace {

/// How many entries differ from an instant first in each bit.
class BitCounts {
 public:
  explicit BitCounts(std::uint64_t from) : from_(from) {}
  void add(std::uint64_t time) { ++count_[static_cast<std::size_t>(std::bit_width(time ^ from_))]; }

  /// The largest block of 2^result, at most 2^k, around that instant that holds no more than `most`
  /// of them; 2^0 if even that holds more.
  std::size_t block_with(std::size_t most, std::size_t k) const {
    std::size_t held = 0;
    for (std::size_t b = 0; b <= k; ++b) {
      held += count_[b];
      if (held > most) return b == 0 ? 0 : b - 1;
    }
    return k;
  }

 private:
  std::uint64_t from_;
  std::array<std::uint32_t, 65> count_{};
};

}  // namespace

Time EventQueue::next_time() const {
  if (!window_.empty()) return window_.front().time;
  Time earliest = Time::never();
  if (occupied_ == 0) return earliest;
  buckets_.for_each(lowest_bucket(),
                    [&](const Entry& e) { earliest = std::min(earliest, e.time); });
  return earliest;
}

/// An entry after the horizon.
[[gnu::always_inline]] inline void EventQueue::place(Entry entry) {
  const std::uint64_t difference = bits(entry.time) ^ bits(horizon_);
  const auto bucket = static_cast<std::size_t>(std::bit_width(difference) - 1);
  buckets_.push_back(bucket, entry);
  occupied_ |= std::uint64_t{1} << bucket;
}

void EventQueue::insert(Entry entry) {
  if (entry.time > horizon_) return place(entry);
  window_.insert(entry);
  if (window_.size() > kMostInWindow) shorten_window();
}

/// The window got long, but where all are due at one instant: only its beginning stays, around the
/// present. It need not be sorted.
void EventQueue::shorten_window() {
  if (horizon_ <= now_) return;
  BitCounts counts(bits(now_));
  for (const Entry& e : window()) counts.add(bits(e.time));
  const auto k = static_cast<std::size_t>(std::bit_width(bits(horizon_) ^ bits(now_)));
  set_horizon(bits(now_), counts.block_with(kGoodWindow, k));
  window_.erase_if([this](const Entry& e) { return e.time > horizon_ && (place(e), true); });
}

/// For pop: its first entry makes the present.
void EventQueue::refill() {
  SEEDBED_ASSERT(size_ > 0, "pop from an empty event queue");
  window_.clear();
  const bool all = size_ <= kFew;
  while (window_.empty() || (all && occupied_ != 0)) {
    const std::size_t lowest = lowest_bucket();
    all ? set_horizon(0, kBuckets) : move_horizon(lowest);
    occupied_ &= occupied_ - 1;
    buckets_.take(lowest, [this](const Entry& e) {
      if (e.time > horizon_) return place(e);
      window_.append(e);
    });
  }
  const auto entries = window();
  now_ = std::min_element(entries.begin(), entries.end(), is_earlier)->time;
  if (entries.size() > kMostInWindow) shorten_window();
  window_.sort();
}

/// On to the next block with entries, which are in the lowest bucket: all of that, or as much of it
/// as should make a good window, if they are spread evenly.
void EventQueue::move_horizon(std::size_t lowest) {
  const std::uint64_t block = (bits(horizon_) | low_ones(lowest)) + 1;
  const auto halvings = std::bit_width(buckets_.size(lowest) / (kGoodWindow + 1));
  set_horizon(block, lowest - std::min(lowest, static_cast<std::size_t>(halvings)));
}

}  // namespace seedbed
