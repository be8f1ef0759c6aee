// Bare message loops: a queue, a pool of messages with 64-byte payloads, a virtual call. No network
// model, no digest, no types: what is left is what the machine asks for. The same nodes run on
// each.
//
//   PlainLoop: the queue holds the number of a message, the nodes live on the heap.
//   PrefetchLoop: the queue's keys name message and node, the nodes lie side by side. When the
//   radix heap takes a small bucket apart, what its entries will touch is fetched ahead.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "bench/bare/radix_heap.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed::bench {

using Words = std::array<std::uint64_t, 8>;

enum class Kind : std::uint32_t { kParcel, kRequest, kReply, kTimer };

struct alignas(16) Message {
  std::uint32_t to = 0;  // of a free one: the next free one
  std::uint32_t from = 0;
  Kind kind = Kind::kParcel;
  std::uint32_t readers = 1;
  Words words{};
};

template <class Loop>
struct BareNode {
  virtual ~BareNode() = default;
  virtual void start(Loop& loop, std::uint32_t self) = 0;
  virtual void on(Loop& loop, const Message& m, std::uint32_t self) = 0;
  void read(const Message& m) {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] += m.words[i] + i;
  }
  Words words{};
};

class MessagePool {
 public:
  std::uint32_t make(std::uint32_t from, std::uint32_t to, Kind kind, const Words& words) {
    std::uint32_t index = free_;
    if (index == kNone) {
      index = static_cast<std::uint32_t>(messages_.size());
      messages_.emplace_back();
    } else {
      free_ = messages_[index].to;
    }
    messages_[index] = {to, from, kind, 1, words};
    return index;
  }
  void release(std::uint32_t index) {
    messages_[index].to = free_;
    free_ = index;
  }
  Message& operator[](std::uint32_t index) { return messages_[index]; }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  std::vector<Message> messages_;
  std::uint32_t free_ = kNone;
};

/// What the loops share: the time, the draws, the count.
class LoopBase {
 public:
  explicit LoopBase(Range<Duration> latency) : latency_(latency) {}
  std::uint64_t delivered() const { return delivered_; }
  Rng& rng() { return rng_; }

 protected:
  std::uint64_t arrival() { return after_now(rng_.between(latency_)); }
  std::uint64_t after_now(Duration d) const { return now_ + static_cast<std::uint64_t>(d.count()); }

  Range<Duration> latency_;
  Rng rng_{1};
  MessagePool pool_;
  std::uint64_t now_ = 0;
  std::uint64_t delivered_ = 0;
};

template <template <class> class NodeOf, class Queue>
class PlainLoop : public LoopBase {
 public:
  PlainLoop(std::uint32_t nodes, Range<Duration> latency) : LoopBase(latency) {
    for (std::uint32_t i = 0; i < nodes; ++i) {
      nodes_.push_back(std::make_unique<NodeOf<PlainLoop>>());
    }
    for (std::uint32_t i = 0; i < nodes; ++i) nodes_[i]->start(*this, i);
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  void send(std::uint32_t from, std::uint32_t to, Kind kind, const Words& words) {
    queue_.push(arrival(), pool_.make(from, to, kind, words));
  }
  void broadcast(std::uint32_t from, const Words& words) {
    for (std::uint32_t to = 0; to < size(); ++to) {
      if (to != from) send(from, to, Kind::kParcel, words);
    }
  }
  void arm(std::uint32_t self, Duration after) {
    queue_.push(after_now(after), pool_.make(self, self, Kind::kTimer, {}));
  }

  void step() {
    const Popped due = queue_.pop();
    now_ = due.time;
    const Message message = pool_[due.slot];
    pool_.release(due.slot);
    ++delivered_;
    nodes_[message.to]->on(*this, message, message.to);
  }

 private:
  Queue queue_;
  std::vector<std::unique_ptr<BareNode<PlainLoop>>> nodes_;
};

template <template <class> class NodeOf>
class PrefetchLoop : public LoopBase {
 public:
  PrefetchLoop(std::uint32_t nodes, Range<Duration> latency) : LoopBase(latency), nodes_(nodes) {
    for (std::uint32_t i = 0; i < nodes; ++i) nodes_[i].start(*this, i);
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
  void send(std::uint32_t from, std::uint32_t to, Kind kind, const Words& words) {
    queue_.put({arrival(), pool_.make(from, to, kind, words), to});
  }
  /// One message, many readers.
  void broadcast(std::uint32_t from, const Words& words) {
    const std::uint32_t message = pool_.make(from, 0, Kind::kParcel, words);
    pool_[message].readers = size() - 1;
    for (std::uint32_t to = 0; to < size(); ++to) {
      if (to != from) queue_.put({arrival(), message, to});
    }
  }
  void arm(std::uint32_t self, Duration after) {
    queue_.put({after_now(after), pool_.make(self, self, Kind::kTimer, {}), self});
  }

  void step() {
    const Key due = queue_.take([this](const std::vector<Key>& keys) { fetch(keys); });
    now_ = due.time;
    const Message message = pool_[due.message];
    if (message.readers == 1) {
      pool_.release(due.message);
    } else {
      --pool_[due.message].readers;
    }
    ++delivered_;
    BareNode<PrefetchLoop>& node = nodes_[due.node];
    node.on(*this, message, due.node);
  }

 private:
  struct Key {
    std::uint64_t time;
    std::uint32_t message;
    std::uint32_t node;
  };

  void fetch(const std::vector<Key>& keys) {
    constexpr std::size_t kSoon = 64;  // more of them would push each other out again
    if (keys.size() > kSoon) return;
    for (const Key& key : keys) {
      fetch_object(pool_[key.message]);
      fetch_object(nodes_[key.node]);
    }
  }
  /// The empty asm keeps g++ from finding that this function computes nothing, and leaving it out.
  template <class T>
  static void fetch_object(const T& object) {
    const char* const bytes = reinterpret_cast<const char*>(&object);
    __builtin_prefetch(bytes, 1);
    __builtin_prefetch(bytes + sizeof(T) - 1, 1);
    asm volatile("" : : "r"(bytes));
  }

  RadixBuckets<Key> queue_;
  std::vector<NodeOf<PrefetchLoop>> nodes_;
};

}  // namespace seedbed::bench
