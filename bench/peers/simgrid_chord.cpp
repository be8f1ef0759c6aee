// Chord among so many nodes at SimGrid's S4U, the workload of scenarios/bench/chord-simgrid.yaml:
// fingers that are right from the beginning, recursive lookups every 10 s, stabilize every 20 s, a
// finger every 120 s, and nobody fails. Prints the processor's nanoseconds for one message, and
// nothing else. A message is a detached put of 64 bytes over 50 ms.
//
//   simgrid_chord 10000 100        nodes, simulated seconds
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "bench/cpu_time.h"

namespace sg = simgrid::s4u;

namespace {

using Id = std::uint32_t;
enum class Kind : std::uint8_t { kFind, kFound, kAskPredecessor, kPredecessor, kNotify };
struct Message {
  Kind kind;
  Id key;
  std::size_t origin;
};

class Ring {
 public:
  Ring(std::size_t nodes, double until) : until_(until) {
    std::mt19937_64 draws{7};
    while (ids_.size() < nodes) {
      ids_.push_back(static_cast<Id>(draws()));
      if (ids_.size() < nodes) continue;
      std::sort(ids_.begin(), ids_.end());
      ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    }
    for (std::size_t n = 0; n < nodes; ++n) {
      boxes_.push_back(sg::Mailbox::by_name("box" + std::to_string(n)));
      for (unsigned k = 0; k < kBits; ++k) fingers_.push_back(successor_of(ids_[n] + (1U << k)));
    }
  }

  void actor(std::size_t self) {
    boxes_[self]->set_receiver(sg::Actor::self());
    std::mt19937_64 draws{self + 1};
    const auto phase = [&](double period) {
      return period * static_cast<double>(draws() >> 11) * 0x1p-53;
    };
    double lookup = phase(10), stabilize = phase(20), fix = phase(120);
    unsigned finger = 0;
    Message* got = nullptr;
    sg::CommPtr waiting;
    while (sg::Engine::get_clock() < until_) {
      const double now = sg::Engine::get_clock();
      if (lookup <= now) {
        lookup += 10;
        find(self, {Kind::kFind, static_cast<Id>(draws()), self});
      } else if (stabilize <= now) {
        stabilize += 20;
        send(successor(self), {Kind::kAskPredecessor, 0, self});
      } else if (fix <= now) {
        fix += 120;
        finger = (finger + 1) % kBits;
        find(self, {Kind::kFind, ids_[self] + (1U << finger), self});
      } else {
        if (!waiting) waiting = boxes_[self]->get_async<Message>(&got);
        const double next = std::min({lookup, stabilize, fix, until_});
        if (sg::Comm::wait_any_for({waiting}, next - now) < 0) continue;
        waiting = nullptr;
        handle(self, *got);
        delete got;
      }
    }
    if (waiting) waiting->cancel();
  }
  std::uint64_t sent() const { return sent_; }

 private:
  static constexpr unsigned kBits = 32;

  std::size_t successor_of(Id id) const {
    const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
    return at == ids_.end() ? 0 : static_cast<std::size_t>(at - ids_.begin());
  }
  std::size_t successor(std::size_t n) const { return fingers_[n * kBits]; }
  void send(std::size_t to, Message m) {
    ++sent_;
    boxes_[to]->put_init(new Message(m), 64)->detach([](void* p) {
      delete static_cast<Message*>(p);
    });
  }
  void find(std::size_t self, Message m) {
    const Id way = m.key - ids_[self] - 1;  // one less: of 2^32 all fit
    if (way <= ids_[successor(self)] - ids_[self] - 1) {
      return send(m.origin, {Kind::kFound, m.key, m.origin});
    }
    for (unsigned k = kBits; k-- > 0;) {
      const std::size_t next = fingers_[self * kBits + k];
      if (next != self && ids_[next] - ids_[self] - 1 < way) return send(next, m);
    }
    send(successor(self), m);
  }
  void handle(std::size_t self, const Message& m) {
    switch (m.kind) {
      case Kind::kFind: return find(self, m);
      case Kind::kAskPredecessor: return send(m.origin, {Kind::kPredecessor, 0, self});
      case Kind::kPredecessor: return send(m.origin, {Kind::kNotify, 0, self});
      case Kind::kFound:
      case Kind::kNotify: return;
    }
  }

  double until_;
  std::vector<Id> ids_;
  std::vector<std::size_t> fingers_;
  std::vector<sg::Mailbox*> boxes_;
  std::uint64_t sent_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  sg::Engine engine(&argc, argv);
  if (argc < 3) return 1;
  sg::Engine::set_config("network/model:Constant");
  sg::Engine::set_config("network/latency-factor:0.05");
  const std::size_t nodes = std::strtoul(argv[1], nullptr, 10);
  const double until = std::strtod(argv[2], nullptr);
  auto* const zone = sg::create_empty_zone("zone");
  std::vector<sg::Host*> hosts;
  for (std::size_t n = 0; n < nodes; ++n) {
    hosts.push_back(zone->create_host("host" + std::to_string(n), "1Gf"));
  }
  zone->seal();
  Ring ring(nodes, until);
  for (std::size_t n = 0; n < nodes; ++n) {
    sg::Actor::create("node", hosts[n], [&ring, n] { ring.actor(n); })->daemonize();
  }
  sg::Actor::create("end", hosts[0], [until] { sg::this_actor::sleep_for(until + 1); });
  const double started = seedbed::bench::cpu_seconds();
  engine.run();
  const double seconds = seedbed::bench::cpu_seconds() - started;
  std::printf("%.3f\n", seconds * 1e9 / static_cast<double>(ring.sent()));
  return 0;
}
