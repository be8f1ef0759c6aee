// A figure is measured in rounds, and everything that it is compared with is measured in the same
// rounds, one after the other: whatever slows the machine for a while slows them all alike.
//
//   Suite suite;
//   suite.add("hold, 10^2", [] {
//     Figure figure{.wanted = ratio_of_at_least(0.7)};
//     figure.add(Side::kEngine, "queue", items(1000, [q = ...](std::int64_t n) { q->run(n); }));
//     figure.add(Side::kBare, "binary heap", ...);
//     return figure;
//   });
//   std::vector<Measured> all = suite.run({.rounds = 5});
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seedbed::bench {

/// Whose work it is: ours, the same work with nothing around it, or the same in another simulator.
enum class Side : std::uint8_t { kEngine, kBare, kPeer };
std::string_view name_of(Side side);

/// Measures once; see below.
using Round = std::function<void(::benchmark::State&)>;

/// One round is `body(n)`, which does n things; the figure is the processor's time for one, in ns.
/// `lead` things are done before, untimed.
Round items(std::int64_t n, std::function<void(std::int64_t)> body, std::int64_t lead = 0);
/// One round is `body()`, which returns the figure itself, in whatever unit.
Round value(std::function<double()> body);

/// What the table's last column asks for.
struct Wanted {
  enum class Kind : std::uint8_t { kOfBare, kOfPeer, kAtLeast, kAtMost };
  Kind kind = Kind::kOfBare;
  double bound = 0;
  std::string peer = "";  // kOfPeer: which
};

struct Contender {
  Side side = Side::kEngine;
  std::string name;
  Round round;
};

/// What it takes to measure a figure. It owns the state of its contenders, from round to round.
struct Figure {
  std::string unit = "ns";
  bool less_is_better = true;
  std::vector<Wanted> wanted;
  std::vector<Contender> contenders;

  void add(Side side, std::string name, Round round) {
    contenders.push_back({side, std::move(name), std::move(round)});
  }
};

/// One contender's figure in each round.
struct Series {
  Side side = Side::kEngine;
  std::string name;
  std::vector<double> values;
};

/// A figure that was measured.
struct Measured {
  std::string what;
  std::string unit;
  bool less_is_better = true;
  std::vector<Wanted> wanted;
  std::vector<Series> series;
};

class Suite {
 public:
  struct Options {
    int rounds = 5;
    std::string only;  // figures whose name contains this; "" for all
    std::function<void(const Measured&)> done = [](const Measured&) {};
  };

  /// `make` is called when its turn comes, and what it made is dropped before the next.
  void add(std::string what, std::function<Figure()> make) {
    figures_.push_back({std::move(what), std::move(make), false});
  }
  /// The same, of what takes long: only where `only` names it.
  void add_long(std::string what, std::function<Figure()> make) {
    figures_.push_back({std::move(what), std::move(make), true});
  }
  std::vector<Measured> run(const Options& options) const;

 private:
  struct Planned {
    std::string what;
    std::function<Figure()> make;
    bool is_long;
  };
  std::vector<Planned> figures_;
};

/// "5", "10^3", "10^6": how the table writes sizes.
std::string size_text(std::uint64_t n);

}  // namespace seedbed::bench
