// A process that does what a test tells it and remembers what it saw: the smallest protocol.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/world/context.h"

namespace seedbed::testing {

struct Ping {
  static constexpr auto kName = "Ping";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Tick {
  static constexpr auto kName = "Tick";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Saved {
  static constexpr auto kName = "Saved";
  std::uint64_t value = 0;
  constexpr void describe(auto& d) const { d("value", value); }
};
struct Logged {
  static constexpr auto kName = "Logged";
  std::uint64_t value = 0;
  constexpr void describe(auto& d) const { d("value", value); }
};
/// Makes the probe run the script of this number.
struct Do {
  static constexpr auto kName = "Do";
  std::uint32_t script = 0;
  constexpr void describe(auto& d) const { d("script", script); }
};

struct Seen {
  Time at;  // true time
  std::string what;
  bool operator==(const Seen&) const = default;
};

/// Scripts are shared by all copies: they must not remember anything themselves.
class Probe : public Process<Probe, Ping, Tick, Do> {
 public:
  using Script = std::function<void(Probe&, Context&)>;
  using Scripts = std::vector<Script>;
  explicit Probe(std::shared_ptr<const Scripts> scripts) : scripts_(std::move(scripts)) {}

  void start(Context& ctx, const Recovered& durable) {
    const auto* saved = durable.saved<Saved>();
    recovered_value = saved != nullptr ? saved->value : 0;
    recovered_log = durable.log<Logged>();
    seen.push_back({ctx.true_now(), "start"});
  }
  void on(Context& ctx, const Envelope& from, const Ping& m) {
    seen.push_back(
        {ctx.true_now(), fmt::format("ping {} from {}", m.number, to_text(from.from.node))});
    ctx.work(work_per_ping);
  }
  void on(Context& ctx, const Tick& t) {
    seen.push_back({ctx.true_now(), fmt::format("tick {}", t.number)});
  }
  void on(Context& ctx, const Do& d) { (*scripts_)[d.script](*this, ctx); }

  std::vector<std::string> whats() const {
    std::vector<std::string> all;
    for (const Seen& s : seen) all.push_back(s.what);
    return all;
  }

  std::vector<Seen> seen;
  std::uint64_t recovered_value = 0;
  SharedLog<Logged> recovered_log;
  TimerId timer;
  Duration work_per_ping;

 private:
  std::shared_ptr<const Scripts> scripts_;
};

/// `count` probes, booted, on a calm network: 1 ms latency, 1 ms sync.
class ProbeWorld {
 public:
  explicit ProbeWorld(std::uint32_t count, Probe::Scripts scripts = {}, WorldConfig config = calm())
      : world(config, count) {
    const auto prototype =
        std::make_shared<const Probe>(std::make_shared<const Probe::Scripts>(std::move(scripts)));
    for (std::uint32_t i = 0; i < count; ++i) world.add_node({prototype});
    run_for({});
  }
  static WorldConfig calm() {
    WorldConfig config;
    config.network.latency = Latency::constant(1_ms);
    config.disk.sync = {1_ms, 1_ms};
    return config;
  }
  const Probe& probe(std::uint32_t n) const {
    return static_cast<const Probe&>(*world.process({n}));
  }
  void act(std::uint32_t n, std::uint32_t script) { world.inject({n}, {}, Do{script}); }
  /// All events up to and at now + span.
  void run_for(Duration span) {
    world.schedule_action(world.now() + span, 1);
    while (const auto step = world.step()) {
      if (step->kind == Event::Kind::kAction) break;
    }
  }

  World world;
};

}  // namespace seedbed::testing
