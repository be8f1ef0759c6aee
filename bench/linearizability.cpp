// Judging histories of single objects, right ones and with one wrong answer: time an operation, and
// memory beyond the history. Reading a file is not measured.
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/allocations.h"
#include "bench/figures.h"
#include "sim/check/encode.h"
#include "sim/check/history/generated.h"

namespace seedbed::bench {

namespace {

using history::Generated;
using history::Recorded;

SearchBudget budget() { return {2'000'000'000, std::size_t{2} << 30, {}}; }

struct Judge {
  const char* model;
  Verdict (*judge)(const Recorded&);
  std::size_t keys = 1;  // among which the operations are spread
};

template <auto encode>
Verdict judge(const Recorded& recorded) {
  return judge_parts(encode(recorded, CheckOptions{}), recorded, budget()).verdict;
}

constexpr Judge kJudges[] = {
    {"register",
     [](const Recorded& h) {
       return judge_parts(encode_registers(h, {}, false), h, budget()).verdict;
     }},
    {"cas-register",
     [](const Recorded& h) {
       return judge_parts(encode_registers(h, {}, true), h, budget()).verdict;
     }},
    {"kv",
     [](const Recorded& h) {
       return judge_parts(encode_kv(h, {}, "").registers, h, budget()).verdict;
     },
     100},
    {"queue", judge<encode_queue>},
    {"stack", judge<encode_stack>},
    {"set", judge<encode_set>},
    {"counter", judge<encode_counter>},
    {"lock", judge<encode_lock>},
    {"log", judge<encode_log>},
    {"id-generator", judge<encode_ids>},
};

std::string name_of(const Judge& j, std::size_t operations, bool planted) {
  return std::string(j.model) + ", " + size_text(operations) + (planted ? ", one wrong" : "");
}

void judge_once(const Judge& j, const Recorded& recorded, bool planted) {
  if (j.judge(recorded) == (planted ? Verdict::kFail : Verdict::kPass)) return;
  throw std::runtime_error(std::string(j.model) + ": not the verdict that was planted");
}

std::shared_ptr<const Recorded> generated(const Judge& j, std::size_t operations, bool planted) {
  const Generated wanted{.model = j.model, .operations = operations, .planted = planted};
  return std::make_shared<const Recorded>(history::generate(wanted));
}

Figure time_of(const Judge& j, std::size_t operations, bool planted) {
  Figure figure;
  figure.add(Side::kEngine, "judge",
             items(static_cast<std::int64_t>(operations),
                   [=, recorded = generated(j, operations, planted)](std::int64_t) {
                     judge_once(j, *recorded, planted);
                   }));
  return figure;
}

Figure memory_of(const Judge& j, std::size_t operations, bool planted) {
  Figure figure{.unit = "bytes/op", .wanted = {{Wanted::Kind::kAtMost, 200}}};
  figure.add(Side::kEngine, "judge", value([=, recorded = generated(j, operations, planted)] {
               const std::int64_t before = forget_peak();
               judge_once(j, *recorded, planted);
               return static_cast<double>(peak_bytes() - before) / static_cast<double>(operations);
             }));
  return figure;
}

}  // namespace

void add_linearizability(Suite& suite) {
  for (const Judge& j : kJudges) {
    for (const std::size_t operations : {1'000U, 10'000U, 100'000U}) {
      constexpr std::size_t kFew = 100;  // a key: the answer that is changed might be right
      if (operations < kFew * j.keys) continue;
      for (const bool planted : {false, true}) {
        suite.add("judge " + name_of(j, operations, planted),
                  [=] { return time_of(j, operations, planted); });
      }
    }
    suite.add("memory to judge " + name_of(j, 100'000, true),
              [=] { return memory_of(j, 100'000, true); });
    constexpr std::size_t kMillion = 1'000'000;
    for (const bool planted : {false, true}) {
      suite.add_long("judge " + name_of(j, kMillion, planted),
                     [=] { return time_of(j, kMillion, planted); });
      suite.add_long("memory to judge " + name_of(j, kMillion, planted),
                     [=] { return memory_of(j, kMillion, planted); });
    }
  }
}

}  // namespace seedbed::bench
