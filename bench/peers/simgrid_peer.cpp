// SimGrid's S4U at the workloads of the message path. Prints the processor's nanoseconds for one
// message (or timer), and nothing else. A message is a detached put of 64 bytes over a link of 1
// ms.
//
//   simgrid_peer pingpong 2 | ring 1000 | random 1000 | timers 1000
#include <cstdio>
#include <cstdlib>
#include <random>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "bench/cpu_time.h"

namespace sg = simgrid::s4u;

namespace {

struct Plan {
  std::string what;
  std::size_t nodes = 0;
  std::size_t items = 0;  // that end it
};

/// Actors spread over 16 hosts, every two of which are one hop apart.
std::vector<sg::Host*> make_hosts(std::size_t count) {
  auto* const zone = sg::create_full_zone("zone");
  const auto* const link = zone->create_link("link", "10GBps")
                               ->set_latency("1ms")
                               ->set_sharing_policy(sg::Link::SharingPolicy::FATPIPE)
                               ->seal();
  std::vector<sg::Host*> hosts;
  for (std::size_t i = 0; i < count; ++i) {
    hosts.push_back(zone->create_host("host" + std::to_string(i), "1Gf"));
    for (std::size_t j = 0; j < i; ++j) {
      zone->add_route(hosts[i]->get_netpoint(), hosts[j]->get_netpoint(), nullptr, nullptr,
                      std::vector<sg::LinkInRoute>{sg::LinkInRoute(link)}, true);
    }
  }
  zone->seal();
  return hosts;
}

class Workload {
 public:
  explicit Workload(Plan plan) : plan_(std::move(plan)) {
    for (std::size_t i = 0; i < plan_.nodes; ++i) {
      boxes_.push_back(sg::Mailbox::by_name("box" + std::to_string(i)));
    }
  }

  void actor(std::size_t self) {
    if (plan_.what == "timers") return sleep();
    pass_on(self);
  }
  void start() { started_ = seedbed::bench::cpu_seconds(); }

 private:
  /// Prints the figure and ends the program when there are enough.
  void count() {
    if (++done_ < plan_.items) return;
    const double seconds = seedbed::bench::cpu_seconds() - started_;
    std::printf("%.3f\n", seconds * 1e9 / static_cast<double>(done_));
    std::fflush(stdout);
    std::_Exit(0);  // what still waits need not be taken apart
  }

  void send(std::size_t to) { boxes_[to]->put_init(&payload_, 64)->detach(); }
  std::size_t next_of(std::size_t self) {
    if (plan_.what != "random") return (self + 1) % plan_.nodes;
    const std::size_t peer = draws_() % (plan_.nodes - 1);
    return peer + (peer >= self ? 1 : 0);
  }

  void sleep() {
    for (;; count()) {
      sg::this_actor::sleep_for(static_cast<double>(draws_() >> 11) * 0x1p-52);  // 0..2 s
    }
  }
  /// A message is under way for each node; at ping-pong, for the first.
  void pass_on(std::size_t self) {
    boxes_[self]->set_receiver(sg::Actor::self());
    for (bool sends = plan_.what != "pingpong" || self == 0;; sends = true) {
      if (sends) send(next_of(self));
      static_cast<void>(boxes_[self]->get<int>());
      count();
    }
  }

  Plan plan_;
  std::vector<sg::Mailbox*> boxes_;
  std::mt19937_64 draws_{1};
  std::size_t done_ = 0;
  double started_ = 0;
  int payload_ = 7;
};

}  // namespace

int main(int argc, char** argv) {
  sg::Engine engine(&argc, argv);
  if (argc < 3) return 1;
  const std::size_t nodes = std::strtoul(argv[2], nullptr, 10);
  const auto hosts = make_hosts(nodes < 16 ? nodes : 16);
  Workload workload({argv[1], nodes, nodes < 1'000 ? 50'000U : 20'000U});
  for (std::size_t i = 0; i < nodes; ++i) {
    sg::Actor::create("actor" + std::to_string(i), hosts[i % hosts.size()],
                      [&workload, i] { workload.actor(i); });
  }
  workload.start();
  engine.run();
  return 1;
}
