// Two nodes that echo: n1 asks n2 every 10 ms of its clock, n2 writes each question to its disk and
// then answers. n3 and n4 do the same beside them. All that happens is noted in a diary which
// outlives crashes: what a fault does is to be seen there.
//
//   EchoWorld w(entries_of_a_chaos_plan);
//   w.run();
//   w.diary.count(Note::kHeard, n1, {2_s, 3_s});
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sim/chaos/injector.h"
#include "sim/world/context.h"

namespace seedbed::testing {

struct Question {
  static constexpr auto kName = "Question";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Answer {
  static constexpr auto kName = "Answer";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct AskNow {
  static constexpr auto kName = "AskNow";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
struct Written {
  static constexpr auto kName = "Written";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};

struct Note {
  enum class Kind : std::uint8_t {
    kBooted,  // number: how many entries were on the disk
    kLeft,
    kAsked,
    kAnswered,  // the question arrived, and was written
    kHeard,
  };
  using enum Kind;
  Kind kind;
  Time at;  // true time
  NodeId node;
  std::uint64_t number = 0;
  Time monotonic, wall;
};

/// From the first instant up to, and without, the second.
struct Span {
  Duration from, until;
  bool holds(Time t) const { return t >= Time{} + from && t < Time{} + until; }
};

class Diary {
 public:
  void note(Context& ctx, Note::Kind kind, std::uint64_t number = 0) {
    notes_.push_back({kind, ctx.true_now(), ctx.self(), number, ctx.now(), ctx.wall()});
  }
  std::vector<Note> of(Note::Kind kind, NodeId node, Span span) const {
    std::vector<Note> found;
    for (const Note& n : notes_) {
      if (n.kind == kind && n.node == node && span.holds(n.at)) found.push_back(n);
    }
    return found;
  }
  std::size_t count(Note::Kind kind, NodeId node, Span span) const {
    return of(kind, node, span).size();
  }
  /// What became of the questions that n1 asked within the span.
  std::size_t lost(Span span) const {
    std::size_t lost = 0;
    for (const Note& asked : of(Note::kAsked, NodeId{1}, span)) lost += answer_to(asked) == nullptr;
    return lost;
  }
  /// The longest round trip among them, in true time.
  Duration slowest(Span span) const {
    Duration longest;
    for (const Note& asked : of(Note::kAsked, NodeId{1}, span)) {
      if (const Note* heard = answer_to(asked)) longest = std::max(longest, heard->at - asked.at);
    }
    return longest;
  }
  /// Questions that arrived at n2 more than once.
  std::size_t twice(Span span) const {
    const std::vector<Note> answered = of(Note::kAnswered, NodeId{2}, span);
    std::size_t twice = 0;
    for (std::size_t i = 0; i < answered.size(); ++i) {
      twice += static_cast<std::size_t>(
          std::any_of(answered.begin(), answered.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](const Note& n) { return n.number == answered[i].number; }));
    }
    return twice;
  }
  /// Questions that arrived at n2 after a later one.
  std::size_t overtaken(Span span) const {
    const std::vector<Note> answered = of(Note::kAnswered, NodeId{2}, span);
    std::size_t overtaken = 0;
    for (std::size_t i = 1; i < answered.size(); ++i) {
      overtaken += answered[i].number < answered[i - 1].number;
    }
    return overtaken;
  }

 private:
  const Note* answer_to(const Note& asked) const {
    for (const Note& n : notes_) {
      const bool is = n.kind == Note::kHeard && n.node == asked.node && n.number == asked.number;
      if (is && n.at >= asked.at) return &n;
    }
    return nullptr;
  }
  std::vector<Note> notes_;
};

class Echo : public Process<Echo, Question, Answer, AskNow> {
 public:
  static constexpr Duration kPause = 10_ms;
  explicit Echo(std::shared_ptr<Diary> diary) : diary_(std::move(diary)) {}

  void start(Context& ctx, const Recovered& durable) {
    const SharedLog<Written> log = durable.log<Written>();
    diary_->note(ctx, Note::kBooted, log.last_index());
    // A number is a time, so that none comes twice, whatever was forgotten.
    if (asks(ctx)) ctx.after(kPause, AskNow{next(ctx)});
  }
  void leave(Context& ctx) override { diary_->note(ctx, Note::kLeft); }
  void on(Context& ctx, const AskNow& m) {
    diary_->note(ctx, Note::kAsked, m.number);
    ctx.send(NodeId{ctx.self().value + 1}, Question{m.number});
    ctx.after(kPause, AskNow{next(ctx)});
  }
  void on(Context& ctx, const Envelope& from, const Question& m) {
    diary_->note(ctx, Note::kAnswered, m.number);
    ctx.append(Written{m.number});
    ctx.reply(from, Answer{m.number});
  }
  void on(Context& ctx, const Envelope&, const Answer& m) {
    diary_->note(ctx, Note::kHeard, m.number);
  }

 private:
  static bool asks(Context& ctx) { return ctx.self().value <= 4 && ctx.self().value % 2 == 1; }
  static std::uint64_t next(Context& ctx) {
    return static_cast<std::uint64_t>(ctx.true_now().count()) + 1;
  }
  std::shared_ptr<Diary> diary_;
};

/// n1 to n4, and the spare n5, under a chaos plan. A message takes 1 ms, a sync 1 ms.
class EchoWorld {
 public:
  static constexpr std::uint32_t kServers = 4, kSpares = 1;

  explicit EchoWorld(ChaosPlan plan)
      : world(config(), kServers, kSpares),
        chaos(std::make_shared<const ChaosPlan>(std::move(plan)), config().seed) {
    const auto echo = std::make_shared<const Echo>(shared_);
    for (std::uint32_t i = 0; i < kServers + kSpares; ++i) world.add_node({echo});
    chaos.start(world);
  }
  void run_until(Time end) {
    constexpr std::uint32_t kAlarm = 1;
    world.schedule_action(end, kAlarm);
    while (const auto step = world.step()) {
      if (step->kind != Event::Kind::kAction) continue;
      if (!chaos.owns(step->action)) return;
      chaos.act(world, step->action);
    }
  }
  const Diary& diary() const { return *shared_; }

  static WorldConfig config() {
    WorldConfig config;
    config.network.latency = Latency::constant(1_ms);
    config.disk.sync = {1_ms, 1_ms};
    return config;
  }

 private:
  std::shared_ptr<Diary> shared_ = std::make_shared<Diary>();

 public:
  World world;
  Injector chaos;
};

}  // namespace seedbed::testing
