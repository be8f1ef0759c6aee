#include "sim/workload/kv_client.h"

#include <algorithm>

#include "sim/workload/workload.h"

namespace seedbed {

namespace {

std::shared_ptr<const ProcessBase> make_client(std::shared_ptr<const ClientPlan> plan,
                                               std::uint32_t number) {
  return std::make_shared<const KvClient>(std::move(plan), number);
}

constexpr std::string_view kFunctions[] = {"read", "write", "cas"};
constexpr std::string_view kReplies[] = {kv::Reply::kName, kv::SessionOpened::kName};
constexpr std::string_view kBouajjani = "Bouajjani et al. 2017, On Verifying Causal Consistency";
constexpr std::string_view kTerry =
    "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data";
constexpr WorkloadCheck kChecks[] = {
    {"linearizable",
     "The history of the clients, key by key, has an order that a single copy could have "
     "produced, and that respects real time. Judged at the end; unknown where the budget runs "
     "out.",
     "Herlihy and Wing 1990; Wing and Gong 1993; Lowe 2017", ""},
    {"sequential",
     "What the clients saw, over all keys, has one order that respects what each client did in "
     "turn, but not real time. Only if listed, as are all orders but `linearizable`; of files, "
     "too: `explain kv`.",
     "Lamport 1979, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess "
     "Programs",
     "", true},
    {"causal",
     "For each client there is an order of its operations and all writes that respects "
     "causality: what each client did in turn, and that a read follows its write. Causal memory, "
     "CM.",
     "Ahamad et al. 1995, Causal Memory; Bouajjani et al. 2017, On Verifying Causal Consistency",
     "", true},
    {"causal-convergence",
     "There is one order of all operations within causality, and each read returns the last "
     "write in it of those that causally precede the read. CCv.",
     kBouajjani, "", true},
    {"weak-causal",
     "Each read for itself can be explained by an order of what causally precedes it. CC.",
     kBouajjani, "", true},
    {"pram",
     "For each client there is an order of its operations and all writes that respects what each "
     "client did in turn.",
     "Lipton and Sandberg 1988, PRAM: A Scalable Shared Memory", "", true},
    {"read-your-writes", "Each read of a client knows of all that this client wrote before.",
     kTerry, "", true},
    {"monotonic-reads", "Each read of a client knows of what its earlier reads returned.", kTerry,
     "", true},
    {"monotonic-writes",
     "Who reads a write knows of all that its client wrote before; seen through clients with "
     "monotonic reads.",
     kTerry, "", true},
    {"writes-follow-reads",
     "Who reads a write knows of all that its client had read before; seen through clients with "
     "monotonic reads.",
     kTerry, "", true},
};

}  // namespace

constinit const Workload kKvWorkload = {
    .name = "kv",
    .about =
        "Clients read, write and compare-and-set keys. Each finds the server that answers, asks "
        "again under the same id, gives up after `timeout`, and after the settling one of them "
        "reads every key once more.",
    .service = "kv",
    .functions = kFunctions,
    .replies = kReplies,
    .checks = kChecks,
    .listable = true,
    .client = make_client,
};

void KvClient::start(Context& ctx, const Recovered&) {
  server_ = ctx.peers()[number_ % ctx.peers().size()];
  if (number_ == 0 && !plan_->is_listed()) ctx.after(plan_->read_back_at - Time{}, ReadBack{});
  if (plan_->open_loop()) return await_next(ctx);
  ctx.after({}, NextOperation{});
}

void KvClient::on(Context& ctx, const NextOperation&) {
  if (!plan_->may_start(ctx.true_now(), number_, next_sequence_)) return;
  begin(ctx, next_command());
  if (plan_->open_loop()) await_next(ctx);
}

/// Open loop: the next operation comes when it comes, whatever the answers do.
void KvClient::await_next(Context& ctx) {
  if (plan_->is_listed() && next_sequence_ >= plan_->quota(number_)) return;
  ctx.after(plan_->wait(ctx.true_now(), number_, next_sequence_), NextOperation{});
}

kv::Command KvClient::next_command() {
  return plan_->is_listed() ? plan_->listed[number_][next_sequence_].command : draw_command();
}

kv::Command KvClient::draw_command() {
  Rng rng = plan_->draws(number_, next_sequence_);
  const WorkloadConfig& config = plan_->config;
  kv::Command command{.key = plan_->key_of(rng.next())};
  const auto part = static_cast<std::uint32_t>(rng.below(Probability::kOne));
  if (part < config.mix.read.ppb) return command;
  command.value = static_cast<kv::Value>(next_sequence_ * config.clients + number_ + 1);
  if (part < config.mix.read.ppb + config.mix.write.ppb) {
    command.function = kv::Function::kWrite;
    return command;
  }
  command.function = kv::Function::kCas;
  const auto seen = last_seen_.find(command.key);
  command.expected = seen == last_seen_.end() ? kv::kNil : seen->second;
  return command;
}

void KvClient::begin(Context& ctx, const kv::Command& command) {
  const std::uint64_t sequence = next_sequence_++;
  Open& open = open_[sequence];
  open.operation = ctx.history().invoke(ctx.true_now(), ctx.self(), command);
  open.command = command;
  open.reads_back = reading_back_;
  open.give_up = ctx.after(plan_->config.timeout, GiveUp{sequence});
  ask(ctx, sequence, server_, plan_->config.timeout / 5);
}

/// Sends the request; if no answer comes within `patience`, another server is asked.
void KvClient::ask(Context& ctx, std::uint64_t sequence, NodeId server, Duration patience) {
  Open& open = open_[sequence];
  open.asked = server;
  open.asked_at = ctx.now();
  ctx.cancel(open.ask_again);
  open.ask_again = ctx.after(patience, AskAgain{sequence});
  // A session that has been idle for long may have expired: better a new one than no answer.
  if (!open.session && ctx.now() - session_used_ > session_timeout_ / 2) session_ = kv::kNoSession;
  if (wants_session_ && session_ == kv::kNoSession && !open.session) {
    return ctx.send(server, kv::OpenSession{{ctx.self(), sequence}});
  }
  if (!open.session) open.session = session_;
  ctx.send(server,
           kv::Request{{ctx.self(), sequence}, *open.session, open_.begin()->first, open.command});
}

/// What was asked without a session did not take effect, and is asked again with one; what was
/// asked under a session that is gone may have, and nobody can tell. A read at the end has no
/// effect either way.
void KvClient::session_expired(Context& ctx, std::uint64_t sequence) {
  Open& open = open_.at(sequence);
  if (open.session == session_) session_ = kv::kNoSession;
  wants_session_ = true;
  if (open.session != kv::kNoSession && !open.reads_back) return give_up(ctx, sequence);
  open.session.reset();
  ask(ctx, sequence, open.asked, plan_->config.timeout / 5);
}

void KvClient::on(Context& ctx, const kv::SessionOpened& m) {
  if (!wants_session_ || session_ != kv::kNoSession) return;
  session_ = m.session;
  session_timeout_ = m.timeout;
  session_used_ = ctx.now();
  for (const auto& [sequence, open] : open_) {
    if (!open.session) ask(ctx, sequence, open.asked, plan_->config.timeout / 5);
  }
}

NodeId KvClient::after(Context& ctx, NodeId server) const {
  return {server.value % ctx.most_servers() + 1};  // those that may have joined, too
}

void KvClient::on(Context& ctx, const AskAgain& m) {
  const NodeId asked = open_.at(m.sequence).asked;
  if (server_ == asked) server_ = after(ctx, asked);
  ask(ctx, m.sequence, server_, plan_->config.timeout / 5);
}

void KvClient::on(Context& ctx, const Envelope& from, const kv::Reply& m) {
  const auto found = open_.find(m.id.sequence);
  if (found == open_.end()) return;
  const NodeId server = from.from.node;
  switch (m.outcome) {
    case kv::Outcome::kDone:
      server_ = server;
      return complete(ctx, m.id.sequence, Completion::kOk, m.value);
    case kv::Outcome::kMismatch:
      server_ = server;
      return complete(ctx, m.id.sequence, Completion::kFail, m.value);
    case kv::Outcome::kExpired: return session_expired(ctx, m.id.sequence);
    case kv::Outcome::kRefused: return complete(ctx, m.id.sequence, Completion::kFail, kv::kNil);
    case kv::Outcome::kRedirected:
      if (m.hint != kNobody && found->second.asked == server) {
        server_ = m.hint;
        return ask(ctx, m.id.sequence, m.hint, plan_->config.timeout / 5);
      }
      [[fallthrough]];
    case kv::Outcome::kUnknown:  // asked again under its id, it still takes effect at most once
      if (found->second.asked == server) ask_soon(ctx, m.id.sequence, plan_->config.timeout / 20);
  }
}

void KvClient::ask_soon(Context& ctx, std::uint64_t sequence, Duration wait) {
  Open& open = open_[sequence];
  ctx.cancel(open.ask_again);
  open.ask_again = ctx.after(wait, AskAgain{sequence});
}

void KvClient::on(Context& ctx, const GiveUp& m) { give_up(ctx, m.sequence); }

/// Nobody knows what became of a write; a read that nobody answered said nothing.
void KvClient::give_up(Context& ctx, std::uint64_t sequence) {
  const bool read = open_.at(sequence).command.function == kv::Function::kRead;
  complete(ctx, sequence, read ? Completion::kFail : Completion::kInfo, kv::kNil);
}

void KvClient::complete(Context& ctx, std::uint64_t sequence, Completion completion,
                        kv::Value result) {
  const auto found = open_.find(sequence);
  const Open open = found->second;
  open_.erase(found);
  if (completion == Completion::kOk && open.session == session_) session_used_ = open.asked_at;
  ctx.cancel(open.ask_again);
  ctx.cancel(open.give_up);
  ctx.history().complete(ctx.true_now(), open.operation, completion, result);
  const bool wrote = completion == Completion::kOk && open.command.function != kv::Function::kRead;
  if (wrote) {
    last_seen_[open.command.key] = open.command.value;
  } else if (completion != Completion::kInfo && result != kv::kNil) {
    last_seen_[open.command.key] = result;
  }
  if (!plan_->open_loop() && !reading_back_) ctx.after(plan_->config.think, NextOperation{});
}

void KvClient::on(Context& ctx, const ReadBack&) {
  reading_back_ = true;
  for (kv::Key key = 0; key < plan_->config.keys; ++key) begin(ctx, kv::Command{.key = key});
}

}  // namespace seedbed
