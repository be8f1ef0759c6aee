// The small parts that every message pays for: a latency's draw, a payload's digest, its text for
// people. They have no bare loop beside them: they are here so that a change is seen.
#include <memory>
#include <utility>

#include "bench/figures.h"
#include "protocols/raft/messages.h"
#include "sim/base/rng.h"
#include "sim/base/shared_log.h"
#include "sim/base/text.h"
#include "sim/kernel/payload.h"
#include "sim/world/latency.h"

namespace seedbed::bench {

namespace {

Figure draw(const Latency& latency) {
  Figure figure;
  figure.add(Side::kEngine, "draw", items(1'000'000, [latency](std::int64_t n) {
               Rng rng(1);
               for (; n > 0; --n) ::benchmark::DoNotOptimize(latency.draw(rng.next()));
             }));
  return figure;
}

void add_draws(Suite& suite) {
  const std::pair<std::string, Latency> forms[] = {
      {"constant", Latency::constant(5_ms)},
      {"uniform", Latency::uniform({1_ms, 5_ms})},
      {"exponential", Latency::exponential(5_ms)},
      {"lognormal", Latency::lognormal(1_ms, 12_ms)},
      {"pareto", Latency::pareto(1_ms, 1.5)},
      {"samples", Latency::samples({1_ms, 2_ms, 3_ms, 5_ms, 8_ms, 13_ms, 21_ms})}};
  for (const auto& [name, latency] : forms) {
    suite.add("latency " + name, [l = latency] { return draw(l); });
  }
}

raft::AppendEntries append_entries(std::uint64_t count) {
  SharedLog<raft::Entry> log;
  for (std::uint64_t i = 0; i < count; ++i) {
    kv::Request request{.id = {{7}, i}, .lowest_open = i};
    request.command = {kv::Function::kWrite, static_cast<kv::Key>(i % 4), 17};
    log.append({.term = 3, .kind = raft::EntryKind::kCommand, .request = request});
  }
  raft::AppendEntries m{.term = 3, .leader = {2}, .prev = {1'000, 3}, .leader_commit = 998};
  m.entries = log.slice(1, count);
  return m;
}

template <class Body>
Figure piece(std::int64_t n, Body body) {
  Figure figure;
  figure.add(Side::kEngine, "piece", items(n, [body](std::int64_t k) {
               for (; k > 0; --k) body();
             }));
  return figure;
}

void add_payloads(Suite& suite, std::uint64_t entries) {
  const auto m = std::make_shared<const raft::AppendEntries>(append_entries(entries));
  const std::string with = " AppendEntries, " + std::to_string(entries) + " entries";
  const std::int64_t n = entries == 0 ? 500'000 : 50'000;
  suite.add("digest" + with, [m, n] {
    return piece(n, [m] {
      Digester digester(1);
      m->describe(digester);
      ::benchmark::DoNotOptimize(digester.hash());
    });
  });
  suite.add("make, drop" + with, [m, n] {
    const auto pool = std::make_shared<PayloadPool>();
    return piece(n, [m, pool] { pool->release(pool->make(*m)); });
  });
  suite.add("text of" + with,
            [m, n] { return piece(n / 50, [m] { ::benchmark::DoNotOptimize(to_text(*m)); }); });
}

}  // namespace

void add_pieces(Suite& suite) {
  add_draws(suite);
  add_payloads(suite, 0);
  add_payloads(suite, 16);
}

}  // namespace seedbed::bench
