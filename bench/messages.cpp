// The message path, whole: latency draw, loss and partition check, digest, typed delivery. Beside
// it bare loops that move as many payloads of the same size with the same draws.
#include <algorithm>
#include <memory>

#include "bench/bare/contend.h"
#include "bench/bare/nodes.h"
#include "bench/figures.h"
#include "bench/nodes.h"
#include "bench/peer.h"

namespace seedbed::bench {

namespace {

constexpr Range<Duration> kLatency{1_ns, 20_ms};

Amount amount(std::uint32_t nodes, bool broadcast) {
  const std::int64_t whole = broadcast ? std::int64_t{nodes} - 1 : 1;
  const auto round_up = [whole](std::int64_t n) { return (n + whole - 1) / whole * whole; };
  const std::int64_t lead = nodes > 100'000 ? 0 : std::max<std::int64_t>(nodes, 10'000);
  return {round_up(std::max<std::int64_t>(nodes, 50'000)), round_up(lead), round_up(200'000),
          broadcast ? whole : 0};
}

template <class P>
constexpr bool is_message_path = !std::is_same_v<P, full::Sleeper>;

/// The world's messages, or timers where there are no messages.
template <class P>
std::uint64_t happened(const World& world) {
  return is_message_path<P> ? world.messages().delivered : world.events();
}

template <class P>
void contend(Figure& figure, std::uint32_t nodes, Amount amount) {
  const auto world =
      std::make_shared<World>(full::make_world<P>(nodes, Latency::uniform(kLatency)));
  const auto run = [world](std::int64_t n) {
    const std::uint64_t end = happened<P>(*world) + static_cast<std::uint64_t>(n);
    while (happened<P>(*world) < end) world->step();
  };
  run(amount.warm_up);
  figure.add(Side::kEngine, "world", items(amount.round, run, amount.lead));
}

template <class P, template <class> class Bare>
Figure contest(std::uint32_t nodes, bool broadcast = false) {
  Figure figure;
  const Amount n = amount(nodes, broadcast);
  contend<P>(figure, nodes, n);
  contend_bare<Bare>(figure, nodes, kLatency, n);
  if (is_message_path<P>) figure.wanted.push_back({Wanted::Kind::kOfBare, 0.5});
  return figure;
}

/// The same at SimGrid and ns-3, where they are there. The goal is set by SimGrid, whose messages
/// go through a model of the network as ours do; ns-3's are bare packets.
Figure with_peers(Figure figure, const std::string& what, std::uint32_t nodes) {
  if (nodes > 1'000) return figure;  // SimGrid takes minutes
  const std::vector<std::string> arguments = {what, std::to_string(nodes)};
  const bool simgrid = add_peer(figure, "SimGrid", "simgrid_peer", arguments);
  if (simgrid && what != "timers") {
    figure.wanted.push_back({Wanted::Kind::kOfPeer, 20, "SimGrid"});
  }
  add_peer(figure, "ns-3", "ns3_peer", arguments);
  return figure;
}

}  // namespace

void add_messages(Suite& suite) {
  constexpr std::uint32_t kSizes[] = {5, 1'000, 10'000, 100'000, 1'000'000};
  suite.add("ping-pong",
            [] { return with_peers(contest<full::PingPong, bare::PingPong>(2), "pingpong", 2); });
  suite.add("timers, 10^3", [] {
    return with_peers(contest<full::Sleeper, bare::Sleeper>(1'000), "timers", 1'000);
  });
  suite.add("timers, 10^5", [] { return contest<full::Sleeper, bare::Sleeper>(100'000); });
  for (const std::uint32_t n : kSizes) {
    suite.add("ring, " + size_text(n),
              [n] { return with_peers(contest<full::Ring, bare::Ring>(n), "ring", n); });
    suite.add("request-reply, " + size_text(n),
              [n] { return contest<full::RequestReply, bare::RequestReply>(n); });
    suite.add("random, " + size_text(n),
              [n] { return with_peers(contest<full::Random, bare::Random>(n), "random", n); });
    suite.add("broadcast, " + size_text(n),
              [n] { return contest<full::Broadcast, bare::Broadcast>(n, true); });
  }
}

}  // namespace seedbed::bench
