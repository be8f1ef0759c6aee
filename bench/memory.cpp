// What a node costs that does nothing but wait for a timer.
#include "bench/allocations.h"
#include "bench/figures.h"
#include "bench/nodes.h"

namespace seedbed::bench {

namespace {

constexpr std::uint32_t kNodes = 1'000'000;

class Idle : public Process<Idle, full::Tick> {
 public:
  void start(Context& ctx, const Recovered&) { ctx.after(3'600_s, full::Tick{}); }
  void on(Context&, const full::Tick&) {}
};

Figure idle_nodes(std::int64_t (*bytes)()) {
  Figure figure{.unit = "bytes", .wanted = {{Wanted::Kind::kAtMost, 256}}};
  figure.add(Side::kEngine, "world", value([bytes] {
               const std::int64_t before = bytes();
               const World world = full::make_world<Idle>(kNodes, Latency{});
               return static_cast<double>(bytes() - before) / kNodes;
             }));
  return figure;
}

}  // namespace

void add_memory(Suite& suite) {
  suite.add("idle node, 10^6, resident", [] { return idle_nodes(resident_bytes); });
  suite.add("idle node, 10^6, allocated", [] { return idle_nodes(living_bytes); });
}

}  // namespace seedbed::bench
