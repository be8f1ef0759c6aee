// The workload `txn`: transactions of appends to lists and reads of them, or of writes and reads of
// registers (Kingsbury and Alvaro 2020, "Elle", section 6). No value is written to a key twice.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/workload/txn_client.h"
#include "sim/workload/words.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kMostReadBack = 64;  // transactions, of the last keys

/// Those of generation g are g * keys + 0, 1, ...
std::uint64_t generation(const WorkloadConfig& config, std::uint64_t sequence) {
  return sequence / config.txn.key_life;
}

/// "[[:append 3 1] [:r 4 nil]]"; with `reads`, what they saw.
std::string text_of(const WorkloadConfig& config, const std::vector<tx::Operation>& operations,
                    const std::vector<tx::Numbers>* reads) {
  const bool lists = config.txn.model == TxnModel::kListAppend;
  std::string text;
  std::size_t read = 0;
  for (const tx::Operation& op : operations) {
    text += text.empty() ? "[" : " ";
    if (op.function != tx::Function::kRead) {
      text += fmt::format("[:{} {} {}]", lists ? "append" : "w", op.key, op.number);
    } else if (reads == nullptr) {
      text += fmt::format("[:r {} nil]", op.key);
    } else {
      const tx::Numbers& seen = (*reads)[read++];
      const std::string value = lists          ? fmt::format("[{}]", fmt::join(seen, " "))
                                : seen.empty() ? "nil"
                                               : fmt::format("{}", seen.back());
      text += fmt::format("[:r {} {}]", op.key, value);
    }
  }
  return text + "]";
}

TxnAsked asked_of(const WorkloadConfig& config, std::vector<tx::Operation> operations) {
  std::string text = text_of(config, operations, nullptr);
  return {"txn", std::move(text), std::move(operations)};
}

constexpr std::int64_t kMostKey = 1'000'000'000;
constexpr std::size_t kMostOperations = 1'000;

/// "[:append 3 1]", "[:r 4 nil]".
std::optional<tx::Operation> parse_one(Words& words, bool lists) {
  tx::Operation op;
  if (!words.eat("[")) return std::nullopt;
  if (words.eat(lists ? ":append" : ":w")) {
    op.function = lists ? tx::Function::kAppend : tx::Function::kWrite;
  } else if (!words.eat(":r")) {
    return std::nullopt;
  }
  const auto key = words.number();
  if (!key || *key < 0 || *key > kMostKey) return std::nullopt;
  op.key = static_cast<tx::Key>(*key);
  if (op.function == tx::Function::kRead) {
    if (!words.eat("nil")) return std::nullopt;
  } else if (const auto number = words.number()) {
    op.number = *number;
  } else {
    return std::nullopt;
  }
  return words.eat("]") ? std::optional(op) : std::nullopt;
}

std::optional<TxnAsked> parse(const WorkloadConfig& config, std::string_view,
                              std::string_view value) {
  Words words(value);
  std::vector<tx::Operation> operations;
  if (!words.eat("[")) return std::nullopt;
  while (!words.eat("]")) {
    const auto op = parse_one(words, config.txn.model == TxnModel::kListAppend);
    if (!op || operations.size() >= kMostOperations) return std::nullopt;
    operations.push_back(*op);
  }
  const bool good = words.at_end() && !operations.empty();
  return good ? std::optional(asked_of(config, std::move(operations))) : std::nullopt;
}

TxnAsked draw(const ClientPlan& plan, std::uint32_t client, std::uint64_t sequence) {
  Rng rng = plan.draws(client, sequence);
  const WorkloadConfig& config = plan.config;
  const std::uint64_t first_key = generation(config, sequence) * config.keys;
  const std::uint64_t length = rng.below(config.txn.most) + 1;
  std::vector<tx::Operation> operations;
  for (std::uint64_t i = 0; i < length; ++i) {
    tx::Operation op;
    op.key = static_cast<tx::Key>(first_key + plan.key_of(rng.next()));
    if (!rng.chance(config.txn.reads)) {
      op.function =
          config.txn.model == TxnModel::kListAppend ? tx::Function::kAppend : tx::Function::kWrite;
      op.number =
          static_cast<tx::Number>((sequence * config.clients + client) * config.txn.most + i + 1);
    }
    operations.push_back(op);
  }
  return asked_of(config, std::move(operations));
}

/// All keys that this client has asked for, the last ones first.
std::vector<TxnAsked> read_back(const ClientPlan& plan, std::uint64_t sequence) {
  const WorkloadConfig& config = plan.config;
  std::uint64_t key = (generation(config, sequence) + 1) * config.keys;
  std::vector<TxnAsked> all;
  while (key > 0 && all.size() < kMostReadBack) {
    std::vector<tx::Operation> operations;
    while (key > 0 && operations.size() < config.txn.most) {
      operations.push_back({tx::Function::kRead, static_cast<tx::Key>(--key)});
    }
    all.push_back(asked_of(config, std::move(operations)));
  }
  return all;
}

std::string answer(const ClientPlan& plan, const TxnAsked& asked,
                   const std::vector<tx::Numbers>& reads) {
  return text_of(plan.config, asked.operations, &reads);
}

constexpr TxnDialect kDialect = {draw, read_back, parse, answer};

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const TxnClient>(std::move(plan), number, kDialect);
}

constexpr std::string_view kFunctions[] = {"txn"};
constexpr std::string_view kReplies[] = {tx::Reply::kName};
constexpr std::string_view kSource =
    "Adya 1999; Kingsbury and Alvaro 2020 (Elle); Biswas and Enea 2019";
constexpr WorkloadCheck kChecks[] = {
    {"serializable",
     "The committed transactions have an order in which, one after the other, each would have seen "
     "what it saw. Judged at the end.",
     kSource, "serializable"},
    {"strict-serializable",
     "The committed transactions have such an order that also respects real time: what was "
     "acknowledged before another one began comes first. Judged at the end.",
     kSource, "strict-serializable"},
};

constexpr std::string_view kLasting[] = {"model"};
constexpr std::string_view kExamples[] = {"[[:append 3 1] [:r 4 nil]]"};
std::string complaint(const WorkloadConfig& config, std::string_view function,
                      std::string_view value) {
  if (parse(config, function, value)) return "";
  const bool lists = config.txn.model == TxnModel::kListAppend;
  return fmt::format("a txn wants {}", lists ? kExamples[0] : "[[:w 3 1] [:r 4 nil]]");
}

std::string_view judged_as(const WorkloadConfig& config) {
  return config.txn.model == TxnModel::kListAppend ? "list-append" : "rw-register";
}

}  // namespace

constinit const Workload kTxnWorkload = {
    .name = "txn",
    .about =
        "Clients ask for transactions over several keys, which are spread over the servers: "
        "appends to lists and reads of them, or writes and reads of registers; after the settling "
        "one of them reads the keys once more.",
    .service = "txn",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = kChecks,
    .listable = true,
    .lasting_keys = kLasting,
    .client = make_client,
    .examples = kExamples,
    .complaint = complaint,
    .judged_as = judged_as,
};

}  // namespace seedbed
