// The workloads of the message path as processes, as small as they get: 64 bytes in, 64 bytes of
// state, 64 bytes out. bench/bare/nodes.h has the same on bare loops.
#pragma once

#include <array>

#include "sim/world/context.h"

namespace seedbed::bench::full {

struct Parcel {
  static constexpr auto kName = "Parcel";
  std::array<std::uint64_t, 8> words{};
  constexpr void describe(auto& d) const { d("words", words); }
};
struct Request {
  static constexpr auto kName = "Request";
  std::array<std::uint64_t, 8> words{};
  constexpr void describe(auto& d) const { d("words", words); }
};
struct Reply {
  static constexpr auto kName = "Reply";
  std::array<std::uint64_t, 8> words{};
  constexpr void describe(auto& d) const { d("words", words); }
};
struct Tick {
  static constexpr auto kName = "Tick";
  constexpr void describe(auto&) const {}
};

/// What a node keeps of all that it read.
struct Sums {
  std::array<std::uint64_t, 8> words{};
  void read(const std::array<std::uint64_t, 8>& more) {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] += more[i] + i;
  }
};

inline NodeId random_peer(Context& ctx) {
  const PeerView peers = ctx.peers();
  return peers[ctx.rng().below(peers.size())];
}
/// The next of the ring that all servers are.
inline NodeId neighbour(const Context& ctx, NodeId of) {
  const std::uint32_t servers = ctx.peers().size() + 1;
  return {of.value == servers ? 1 : of.value + 1};
}

class Ring : public Process<Ring, Parcel> {
 public:
  void start(Context& ctx, const Recovered&) { pass(ctx); }
  void on(Context& ctx, const Envelope&, const Parcel& m) {
    sums_.read(m.words);
    pass(ctx);
  }

 private:
  void pass(Context& ctx) { ctx.send(neighbour(ctx, ctx.self()), Parcel{sums_.words}); }
  Sums sums_;
};

class PingPong : public Process<PingPong, Parcel> {
 public:
  void start(Context& ctx, const Recovered&) {
    if (ctx.self().value == 1) ctx.send(NodeId{2}, Parcel{sums_.words});
  }
  void on(Context& ctx, const Envelope&, const Parcel& m) {
    sums_.read(m.words);
    ctx.send(neighbour(ctx, ctx.self()), Parcel{sums_.words});
  }

 private:
  Sums sums_;
};

class Random : public Process<Random, Parcel> {
 public:
  void start(Context& ctx, const Recovered&) { pass(ctx); }
  void on(Context& ctx, const Envelope&, const Parcel& m) {
    sums_.read(m.words);
    pass(ctx);
  }

 private:
  void pass(Context& ctx) { ctx.send(random_peer(ctx), Parcel{sums_.words}); }
  Sums sums_;
};

class RequestReply : public Process<RequestReply, Request, Reply> {
 public:
  void start(Context& ctx, const Recovered&) { ask(ctx); }
  void on(Context& ctx, const Envelope& from, const Request& m) {
    sums_.read(m.words);
    ctx.reply(from, Reply{sums_.words});
  }
  void on(Context& ctx, const Envelope&, const Reply& m) {
    sums_.read(m.words);
    ask(ctx);
  }

 private:
  void ask(Context& ctx) { ctx.send(random_peer(ctx), Request{sums_.words}); }
  Sums sums_;
};

class Broadcast : public Process<Broadcast, Parcel, Tick> {
 public:
  void start(Context& ctx, const Recovered&) {
    if (ctx.self().value == 1) ctx.broadcast(Parcel{sums_.words});
  }
  void on(Context& ctx, const Envelope& from, const Parcel& m) {
    sums_.read(m.words);
    if (ctx.self() == neighbour(ctx, from.from.node)) ctx.after(20_ms, Tick{});
  }
  void on(Context& ctx, const Tick&) { ctx.broadcast(Parcel{sums_.words}); }

 private:
  Sums sums_;
};

class Sleeper : public Process<Sleeper, Tick> {
 public:
  void start(Context& ctx, const Recovered&) { sleep(ctx); }
  void on(Context& ctx, const Tick&) {
    ++fired_;
    sleep(ctx);
  }

 private:
  void sleep(Context& ctx) { ctx.after(ctx.rng().between({1_ns, 2'000_ms}), Tick{}); }
  std::uint64_t fired_ = 0;
};

/// A world of `nodes` such processes that have all booted.
template <class P>
World make_world(std::uint32_t nodes, Latency latency) {
  WorldConfig config;
  config.network.latency = std::move(latency);
  World world(config, nodes);
  const auto prototype = std::make_shared<const P>();
  for (std::uint32_t i = 0; i < nodes; ++i) world.add_node({prototype});
  for (std::uint32_t i = 0; i < nodes; ++i) world.step();
  return world;
}

}  // namespace seedbed::bench::full
