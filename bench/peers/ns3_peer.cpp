// ns-3 with its best scheduler at the hold model, timers, and the workloads of the message path.
// Prints the processor's nanoseconds for one item, and nothing else. A message is a packet of 64
// bytes, scheduled for its receiver: no channel, no device, no IP, which is the least that ns-3 can
// do for it.
//
//   ns3_peer hold 100000 | timers 1000 | pingpong 2 | ring 1000 | random 1000
#include <ns3/core-module.h>
#include <ns3/network-module.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "bench/cpu_time.h"

namespace {

using seedbed::bench::cpu_seconds;

struct Counter {
  std::uint64_t done = 0;
  std::uint64_t warm_up = 0;
  std::uint64_t items = 0;
  double started = 0;

  /// Prints the figure and ends the program when there are enough.
  void count() {
    if (++done == warm_up) started = cpu_seconds();
    if (done < warm_up + items) return;
    std::printf("%.3f\n", (cpu_seconds() - started) * 1e9 / static_cast<double>(items));
    std::fflush(stdout);
    std::_Exit(0);  // what is left in the queue need not be taken apart
  }
};

Counter counter;
std::mt19937_64 draws(1);
double unit() { return static_cast<double>(draws() >> 11) * 0x1p-53; }

ns3::Time exponential() {
  return ns3::NanoSeconds(static_cast<std::uint64_t>(-1e7 * std::log(1 - unit())) + 1);
}
void hold(std::uint32_t slot) {
  counter.count();
  ns3::Simulator::Schedule(exponential(), &hold, slot);
}

void fire(std::uint32_t node) {
  counter.count();
  const ns3::Time after = ns3::NanoSeconds(static_cast<std::uint64_t>(unit() * 2e9) + 1);
  ns3::Simulator::ScheduleWithContext(node, after, &fire, node);
}

/// Passes 64 bytes on, to the next of the ring or to anybody.
class Nodes {
 public:
  Nodes(bool ring, std::uint32_t size) : ring_(ring), size_(size) {}

  void pass_on(std::uint32_t self) {
    const ns3::Time travel = ns3::NanoSeconds(static_cast<std::uint64_t>(unit() * 2e7) + 1);
    const std::uint32_t to = next_of(self);
    ns3::Simulator::ScheduleWithContext(to, travel, &Nodes::receive, this, to,
                                        ns3::Create<ns3::Packet>(64));
  }

 private:
  void receive(std::uint32_t self, ns3::Ptr<ns3::Packet> packet) {
    bytes_ += packet->GetSize();
    counter.count();
    pass_on(self);
  }
  std::uint32_t next_of(std::uint32_t self) const {
    if (ring_) return self + 1 == size_ ? 0 : self + 1;
    const auto peer = static_cast<std::uint32_t>(draws() % (size_ - 1));
    return peer + (peer >= self ? 1 : 0);
  }

  bool ring_;
  std::uint32_t size_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  const std::string what = argv[1];
  const auto size = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  counter.warm_up = size < 50'000 ? 50'000 : size;
  counter.items = 200'000;
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::PriorityQueueScheduler");
  ns3::Simulator::SetScheduler(scheduler);
  Nodes nodes(what != "random", size);
  for (std::uint32_t i = 0; i < (what == "pingpong" ? 1 : size); ++i) {
    if (what == "hold") {
      ns3::Simulator::Schedule(exponential(), &hold, i);
    } else if (what == "timers") {
      ns3::Simulator::Schedule(ns3::NanoSeconds(static_cast<std::uint64_t>(unit() * 2e9)), &fire,
                               i);
    } else {
      nodes.pass_on(i);
    }
  }
  ns3::Simulator::Run();
  return 1;
}
