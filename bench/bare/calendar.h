// A calendar queue (Brown 1988, "Calendar Queues"): days of a year as sorted lists. The number of
// days follows the number of entries; a day's width is three mean gaps of the earliest entries, and
// is found anew when the scans get long.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "bench/bare/popped.h"

namespace seedbed::bench {

class Calendar {
 public:
  void push(std::uint64_t time, std::uint32_t slot) {
    std::uint32_t index = free_;
    if (index == kNone) {
      index = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    } else {
      free_ = nodes_[index].next;
    }
    nodes_[index] = {time, sequence_++, slot, kNone};
    link(index);
    if (++size_ > 2 * days_.size()) rebuild(2 * days_.size());
  }

  Popped pop() {
    if (++pops_ >= 8192) {
      if (scanned_ > 4 * pops_) rebuild(days_.size());
      scanned_ = pops_ = 0;
    }
    for (std::size_t k = 0; k < days_.size(); ++k) {
      const std::uint32_t index = days_[today_];
      if (index != kNone && nodes_[index].time < midnight_) return take(index);
      today_ = (today_ + 1) & (days_.size() - 1);
      midnight_ += width_;
      ++scanned_;
    }
    return take_earliest();  // nothing this year
  }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  struct Node {
    std::uint64_t time = 0;
    std::uint64_t sequence = 0;
    std::uint32_t slot = 0;
    std::uint32_t next = kNone;
  };

  bool before(const Node& a, const Node& b) const {
    return a.time != b.time ? a.time < b.time : a.sequence < b.sequence;
  }
  std::size_t day_of(std::uint64_t time) const { return time / width_ & (days_.size() - 1); }
  void turn_to(std::uint64_t time) {
    today_ = day_of(time);
    midnight_ = (time / width_ + 1) * width_;
  }

  void link(std::uint32_t index) {
    const Node& node = nodes_[index];
    std::uint32_t* at = &days_[day_of(node.time)];
    for (; *at != kNone && before(nodes_[*at], node); at = &nodes_[*at].next) ++scanned_;
    nodes_[index].next = *at;
    *at = index;
  }

  Popped take(std::uint32_t index) {
    Node& node = nodes_[index];
    const Popped popped{node.time, node.slot};
    days_[today_] = node.next;
    node.next = free_;
    free_ = index;
    last_ = popped.time;
    if (--size_ < days_.size() / 2 && days_.size() > 2) rebuild(days_.size() / 2);
    return popped;
  }

  Popped take_earliest() {
    std::uint32_t best = kNone;
    for (const std::uint32_t index : days_) {
      if (index == kNone) continue;
      if (best == kNone || before(nodes_[index], nodes_[best])) best = index;
    }
    turn_to(nodes_[best].time);
    return take(best);
  }

  void rebuild(std::size_t days) {
    std::vector<std::uint32_t> all;
    all.reserve(size_);
    for (std::uint32_t index : days_) {
      for (; index != kNone; index = nodes_[index].next) all.push_back(index);
    }
    std::sort(all.begin(), all.end(),
              [this](std::uint32_t a, std::uint32_t b) { return before(nodes_[b], nodes_[a]); });
    if (all.size() > 4) {
      const std::size_t sample = std::min<std::size_t>(1000, all.size() - 1);
      const std::uint64_t first = nodes_[all.back()].time;
      const std::uint64_t later = nodes_[all[all.size() - 1 - sample]].time;
      width_ = std::max<std::uint64_t>(1, 3 * (later - first) / sample);
    }
    days_.assign(days, kNone);
    for (const std::uint32_t index : all) {  // the latest first: each goes to the front of its day
      std::uint32_t& day = days_[day_of(nodes_[index].time)];
      nodes_[index].next = day;
      day = index;
    }
    turn_to(last_);
    scanned_ = pops_ = 0;
  }

  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::vector<std::uint32_t> days_ = {kNone, kNone};
  std::uint64_t width_ = std::uint64_t{1} << 20;
  std::size_t today_ = 0;
  std::uint64_t midnight_ = std::uint64_t{1} << 20;
  std::uint64_t last_ = 0;
  std::size_t size_ = 0;
  std::uint64_t scanned_ = 0;
  std::uint64_t pops_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace seedbed::bench
