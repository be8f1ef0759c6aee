// The workload `bank`: transfers between accounts, and reads of them all, whose total must always
// be the same (Jepsen, tests/bank.clj). An account's key holds by how much it has changed.
#include <fmt/format.h>

#include "sim/workload/txn_client.h"
#include "sim/workload/words.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

TxnAsked read_of_all(const WorkloadConfig& config) {
  TxnAsked read{"read", "nil", {}};
  for (tx::Key account = 0; account < config.keys; ++account) {
    read.operations.push_back({tx::Function::kRead, account});
  }
  return read;
}

TxnAsked transfer(const WorkloadConfig& config, tx::Key from, tx::Key to, tx::Number amount) {
  const tx::Number nothing = -config.bank.balance;  // an account never holds less
  return {
      "transfer",
      fmt::format("{{:from {}, :to {}, :amount {}}}", from, to, amount),
      {{tx::Function::kAdd, from, -amount, nothing}, {tx::Function::kAdd, to, amount, nothing}}};
}

std::optional<TxnAsked> parse(const WorkloadConfig& config, std::string_view function,
                              std::string_view value) {
  Words words(value);
  if (function == "read") {
    return words.eat("nil") && words.at_end() ? std::optional(read_of_all(config)) : std::nullopt;
  }
  const auto part = [&](std::string_view name) -> std::optional<std::int64_t> {
    return words.eat(name) ? words.number() : std::nullopt;
  };
  if (!words.eat("{")) return std::nullopt;
  const auto from = part(":from");
  const auto to = part(":to");
  const auto amount = part(":amount");
  const auto is_account = [&](const auto& a) { return a && *a >= 0 && *a < config.keys; };
  const bool good = is_account(from) && is_account(to) && from != to && amount && *amount > 0 &&
                    *amount <= 1'000'000'000 && words.eat("}") && words.at_end();
  if (!good) return std::nullopt;
  return transfer(config, static_cast<tx::Key>(*from), static_cast<tx::Key>(*to), *amount);
}

TxnAsked draw(const ClientPlan& plan, std::uint32_t client, std::uint64_t sequence) {
  Rng rng = plan.draws(client, sequence);
  const WorkloadConfig& config = plan.config;
  if (rng.chance(config.bank.reads)) return read_of_all(config);
  const auto from = static_cast<tx::Key>(rng.below(config.keys));
  auto to = static_cast<tx::Key>(rng.below(config.keys - 1));
  if (to >= from) ++to;
  const auto amount =
      static_cast<tx::Number>(rng.below(static_cast<std::uint64_t>(config.bank.most))) + 1;
  return transfer(config, from, to, amount);
}

std::vector<TxnAsked> read_back(const ClientPlan& plan, std::uint64_t) {
  return {read_of_all(plan.config)};
}

std::string answer(const ClientPlan& plan, const TxnAsked& asked,
                   const std::vector<tx::Numbers>& reads) {
  if (reads.empty()) return asked.value;
  std::string text;
  for (std::size_t account = 0; account < reads.size(); ++account) {
    const tx::Number change = reads[account].empty() ? 0 : reads[account].back();
    text += fmt::format("{}{} {}", account == 0 ? "{" : ", ", account,
                        plan.config.bank.balance + change);
  }
  return text + "}";
}

constexpr TxnDialect kDialect = {draw, read_back, parse, answer};

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const TxnClient>(std::move(plan), number, kDialect);
}

constexpr std::string_view kFunctions[] = {"transfer", "read"};
constexpr std::string_view kReplies[] = {tx::Reply::kName};
constexpr WorkloadCheck kChecks[] = {
    {"bank",
     "Every read of all accounts adds up to what they began with, and none is overdrawn. Judged at "
     "the end.",
     "Jepsen, tests/bank.clj", ""},
};

constexpr std::string_view kLasting[] = {"accounts", "balance"};
constexpr std::string_view kExamples[] = {"{:from 0, :to 1, :amount 5}", "nil"};
std::string complaint(const WorkloadConfig& config, std::string_view function,
                      std::string_view value) {
  if (parse(config, function, value)) return "";
  if (function == "read") return "a read of all accounts is written nil";
  return fmt::format("a transfer wants {}, with two of {} accounts from 0 and an amount above 0",
                     kExamples[0], config.keys);
}

std::string_view judged_as(const WorkloadConfig&) { return "bank"; }
std::string initial(const WorkloadConfig& config) {
  return fmt::format("{}", config.bank.balance * config.keys);
}

}  // namespace

constinit const Workload kBankWorkload = {
    .name = "bank",
    .about =
        "Clients transfer amounts between accounts that are spread over the servers, never more "
        "than there is, and read all accounts at once.",
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
    .initial = initial,
};

}  // namespace seedbed
