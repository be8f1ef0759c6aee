// The workloads of the message path on the bare loops; bench/nodes.h has the same as processes.
#pragma once

#include "bench/bare/loop.h"

namespace seedbed::bench::bare {

/// Whoever gets the parcel passes it to its neighbour. One is under way for each node.
template <class Loop>
struct Ring final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override { pass(loop, self); }
  void on(Loop& loop, const Message& m, std::uint32_t self) override {
    this->read(m);
    pass(loop, self);
  }
  void pass(Loop& loop, std::uint32_t self) {
    loop.send(self, self + 1 == loop.size() ? 0 : self + 1, Kind::kParcel, this->words);
  }
};

/// A ring with a single parcel.
template <class Loop>
struct PingPong final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override {
    if (self == 0) loop.send(self, 1, Kind::kParcel, this->words);
  }
  void on(Loop& loop, const Message& m, std::uint32_t self) override {
    this->read(m);
    loop.send(self, self + 1 == loop.size() ? 0 : self + 1, Kind::kParcel, this->words);
  }
};

template <class Loop>
std::uint32_t random_peer(Loop& loop, std::uint32_t self) {
  const auto peer = static_cast<std::uint32_t>(loop.rng().below(loop.size() - 1));
  return peer + (peer >= self ? 1 : 0);
}

/// Whoever gets the parcel passes it to anybody. As many are under way as there are nodes.
template <class Loop>
struct Random final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override { pass(loop, self); }
  void on(Loop& loop, const Message& m, std::uint32_t self) override {
    this->read(m);
    pass(loop, self);
  }
  void pass(Loop& loop, std::uint32_t self) {
    loop.send(self, random_peer(loop, self), Kind::kParcel, this->words);
  }
};

/// Each node always has one question open, to anybody.
template <class Loop>
struct RequestReply final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override { ask(loop, self); }
  void on(Loop& loop, const Message& m, std::uint32_t self) override {
    this->read(m);
    if (m.kind == Kind::kRequest) {
      loop.send(self, m.from, Kind::kReply, this->words);
    } else {
      ask(loop, self);
    }
  }
  void ask(Loop& loop, std::uint32_t self) {
    loop.send(self, random_peer(loop, self), Kind::kRequest, this->words);
  }
};

/// One node after the other sends to all others, once the one before has been heard everywhere.
template <class Loop>
struct Broadcast final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override {
    if (self == 0) loop.broadcast(self, this->words);
  }
  void on(Loop& loop, const Message& m, std::uint32_t self) override {
    if (m.kind == Kind::kTimer) return loop.broadcast(self, this->words);
    this->read(m);
    if (self == (m.from + 1 == loop.size() ? 0 : m.from + 1)) loop.arm(self, 20_ms);
  }
};

/// Nothing but timers, one a node.
template <class Loop>
struct Sleeper final : BareNode<Loop> {
  void start(Loop& loop, std::uint32_t self) override { sleep(loop, self); }
  void on(Loop& loop, const Message&, std::uint32_t self) override {
    ++this->words[0];
    sleep(loop, self);
  }
  void sleep(Loop& loop, std::uint32_t self) {
    loop.arm(self, loop.rng().between({1_ns, 2'000_ms}));
  }
};

}  // namespace seedbed::bench::bare
