// A protocol that takes its process down with some seeds, and fails in different ways with others:
// what a sweep must survive, and tell apart. The mutant says which; a draw says who.
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "protocols/protocol.h"
#include "sim/world/context.h"
#include "sim/world/kv_store.h"

namespace {

using namespace seedbed;

using Deed = void (*)(Context& ctx, std::uint64_t draw);

struct Tick {
  static constexpr auto kName = "Tick";
  bool once = true;
  constexpr void describe(auto& d) const { d("once", once); }
};

class Reckless : public Process<Reckless, kv::Request, Tick> {
 public:
  explicit Reckless(Deed deed) : deed_(deed) {}
  void start(Context& ctx, const Recovered&) {
    const std::uint64_t draw = ctx.rng().below(1000);
    if (deed_ != nullptr) deed_(ctx, draw);
    silent_ = deed_ != nullptr && draw % 3 == 2;
  }
  void on(Context& ctx, const Envelope& from, const kv::Request& m) {
    const auto reply = store_.apply(m);
    if (reply && !silent_) ctx.reply(from, *reply);
  }
  void on(Context&, const Tick&) {}
  constexpr void describe(auto& d) const { d("silent", silent_); }

 private:
  Deed deed_;
  kv::Store store_;
  bool silent_ = false;
};

void fail_in_three_ways(Context&, std::uint64_t draw) {
  SEEDBED_ASSERT(draw % 3 != 0, "the first way, {}", draw);
  SEEDBED_ASSERT(draw % 3 != 1, "the second way, {}", draw);
}

void abort_at_times(Context&, std::uint64_t draw) {
  if (draw % 4 == 0) std::abort();
}

void write_nowhere_at_times(Context&, std::uint64_t draw) {
  if (draw % 4 == 0) std::raise(SIGSEGV);
}

void loop_at_times(Context&, std::uint64_t draw) {
  for (volatile std::uint64_t turns = 1; draw % 4 == 0 && turns != 0;) turns = 1;
}

void allocate_at_times(Context&, std::uint64_t draw) {
  std::vector<std::vector<char>> all;
  while (draw % 4 == 0) all.emplace_back().reserve(std::size_t{1} << 20);
}

void leave_at_times(Context&, std::uint64_t draw) {
  if (draw % 4 == 0) std::_Exit(3);
}

/// What no run may depend on: another process has another stack.
void wait_by_an_address(Context& ctx, std::uint64_t draw) {
  const auto address = reinterpret_cast<std::uintptr_t>(&draw);
  ctx.after(Duration(static_cast<std::int64_t>(100'000'000 + (address >> 4) % 1'000'000)), Tick{});
}

template <Deed deed>
std::unique_ptr<ProcessBase> make(std::span<const Value>) {
  return std::make_unique<Reckless>(deed);
}

constexpr std::array kMutants = {
    MutantInfo{"three-ways", "fails with every seed", "assert", make<fail_in_three_ways>},
    MutantInfo{"aborts", "ends its process", "assert", make<abort_at_times>},
    MutantInfo{"segfaults", "ends its process", "assert", make<write_nowhere_at_times>},
    MutantInfo{"loops", "never comes back", "assert", make<loop_at_times>},
    MutantInfo{"allocates", "wants all memory", "assert", make<allocate_at_times>},
    MutantInfo{"reads-an-address", "is not deterministic", "assert", make<wait_by_an_address>},
    MutantInfo{"leaves", "ends its process", "assert", make<leave_at_times>},
};

constinit const Protocol kReckless = {
    .name = "reckless",
    .title = "Reckless",
    .paper = "none",
    .about = "A server that may end the process that it runs in.",
    .workload = "kv",
    .mutants = kMutants,
    .make = make<nullptr>,
};

}  // namespace

extern "C" const Protocol* seedbed_protocol(unsigned abi) {
  return abi == kPluginAbi ? &kReckless : nullptr;
}
