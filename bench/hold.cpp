// The hold model (Jones 1986, "An Empirical Comparison of Priority-Queue and Event-Set
// Implementations"): a queue at a steady size, from which the earliest entry is taken and into
// which its successor goes. And timers that are cancelled and armed again, as protocols do all the
// time.
#include <memory>
#include <vector>

#include "bench/bare/binary_heap.h"
#include "bench/bare/calendar.h"
#include "bench/bare/quad_heap.h"
#include "bench/bare/radix_heap.h"
#include "bench/bare/wheel.h"
#include "bench/draws.h"
#include "bench/figures.h"
#include "bench/peer.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/scheduler.h"
#include "sim/world/node.h"

namespace seedbed::bench {

namespace {

constexpr std::uint64_t kSeed = 1;

Time time_of(std::uint64_t ns) { return Time(static_cast<std::int64_t>(ns)); }

/// Until every entry has been replaced about once.
std::int64_t warm_up(std::uint32_t pending) { return std::max<std::int64_t>(pending, 50'000); }

/// The engine's queue behind the bare ones' interface.
class KernelQueue {
 public:
  void push(std::uint64_t time, std::uint32_t slot) { queue_.push(time_of(time), 0, slot); }
  Popped pop() {
    const auto& entry = queue_.pop();
    return {static_cast<std::uint64_t>(entry.time.count()), entry.item};
  }

 private:
  EventQueue<std::uint32_t> queue_;
};

/// One step further up: whole events, of messages.
class KernelScheduler {
 public:
  void push(std::uint64_t time, std::uint32_t slot) {
    scheduler_.at(time_of(time), 0, {.head = Event::Kind::kMessage, .incarnation = slot});
  }
  Popped pop() {
    Scheduler<Event>::Due due;
    scheduler_.next(due);
    return {static_cast<std::uint64_t>(scheduler_.now().count()), due.event.incarnation};
  }

 private:
  Scheduler<Event> scheduler_;
};

template <class Queue>
class Hold {
 public:
  Hold(Law law, std::uint32_t pending) : increments_(law, kSeed) {
    for (std::uint32_t i = 0; i < pending; ++i) queue_.push(increments_.next(), i);
    run(warm_up(pending));
  }
  void run(std::int64_t n) {
    for (; n > 0; --n) {
      const Popped due = queue_.pop();
      queue_.push(due.time + increments_.next(), due.slot);
    }
  }

 private:
  Queue queue_;
  Increments increments_;
};

/// As many timers as pending entries. Each item: one fires and is armed again, and one that anybody
/// could name is cancelled and armed again.
class KernelTimers {
 public:
  KernelTimers(Law law, std::uint32_t pending)
      : timers_(pending), increments_(law, kSeed), rng_(kSeed) {
    for (std::uint32_t i = 0; i < pending; ++i) arm(i);
    run(warm_up(pending));
  }
  void run(std::int64_t n) {
    for (; n > 0; --n) {
      Scheduler<Event>::Due due;
      scheduler_.next(due);
      arm(due.event.incarnation);
      const auto other = static_cast<std::uint32_t>(rng_.below(timers_.size()));
      scheduler_.cancel(timers_[other]);
      arm(other);
    }
  }

 private:
  void arm(std::uint32_t timer) {
    const Duration after(static_cast<std::int64_t>(increments_.next()));
    timers_[timer] = scheduler_.arm(scheduler_.now() + after, 0,
                                    {.head = Event::Kind::kTimer, .incarnation = timer});
  }

  Scheduler<Event> scheduler_;
  std::vector<EventId> timers_;
  Increments increments_;
  Rng rng_;
};

/// The same on a bare queue: an entry that is no longer its timer's is dropped when it comes up.
template <class Queue>
class BareTimers {
 public:
  BareTimers(Law law, std::uint32_t pending)
      : timers_(pending), increments_(law, kSeed), rng_(kSeed) {
    for (std::uint32_t i = 0; i < pending; ++i) arm(i);
    run(warm_up(pending));
  }
  void run(std::int64_t n) {
    for (; n > 0; --n) {
      arm(next());
      const auto other = static_cast<std::uint32_t>(rng_.below(timers_.size()));
      records_[timers_[other]].alive = false;
      arm(other);
    }
  }

 private:
  struct Record {
    std::uint32_t timer = 0;
    bool alive = false;
  };

  std::uint32_t next() {
    for (;;) {
      const Popped due = queue_.pop();
      const Record record = records_[due.slot];
      free_.push_back(due.slot);
      now_ = due.time;
      if (record.alive) return record.timer;
    }
  }

  void arm(std::uint32_t timer) {
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(records_.size());
      records_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    records_[index] = {timer, true};
    timers_[timer] = index;
    queue_.push(now_ + increments_.next(), index);
  }

  Queue queue_;
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> timers_;
  std::uint64_t now_ = 0;
  Increments increments_;
  Rng rng_;
};

template <class Model>
void contend(Figure& figure, Side side, std::string name, Law law, std::uint32_t pending) {
  const auto model = std::make_shared<Model>(law, pending);
  const std::int64_t n = pending < 100'000 ? 300'000 : 200'000;
  figure.add(side, std::move(name),
             items(
                 n, [model](std::int64_t k) { model->run(k); }, 10'000));
}

template <template <class> class Model>
void contend_bare(Figure& figure, Law law, std::uint32_t pending) {
  contend<Model<BinaryHeap>>(figure, Side::kBare, "binary heap", law, pending);
  contend<Model<QuadHeap>>(figure, Side::kBare, "4-ary heap", law, pending);
  contend<Model<Calendar>>(figure, Side::kBare, "calendar", law, pending);
  contend<Model<Wheel>>(figure, Side::kBare, "wheel", law, pending);
  contend<Model<RadixHeap>>(figure, Side::kBare, "radix heap", law, pending);
}

Figure hold(Law law, std::uint32_t pending) {
  Figure figure;
  contend<Hold<KernelQueue>>(figure, Side::kEngine, "queue", law, pending);
  contend<Hold<KernelScheduler>>(figure, Side::kEngine, "scheduler", law, pending);
  contend_bare<Hold>(figure, law, pending);
  if (pending != 1'000 && pending != 100'000) {
    figure.wanted.push_back({Wanted::Kind::kOfBare, 0.7});
  }
  if (law == Law::kExponential && pending >= 1'000 && pending != 10'000) {
    if (add_peer(figure, "ns-3", "ns3_peer", {"hold", std::to_string(pending)})) {
      figure.wanted.push_back({Wanted::Kind::kOfPeer, 3, "ns-3"});
    }
  }
  return figure;
}

Figure rearm(std::uint32_t pending) {
  Figure figure;
  contend<KernelTimers>(figure, Side::kEngine, "scheduler", Law::kExponential, pending);
  contend_bare<BareTimers>(figure, Law::kExponential, pending);
  return figure;
}

}  // namespace

void add_holds(Suite& suite) {
  constexpr std::uint32_t kSizes[] = {100, 1'000, 10'000, 100'000, 1'000'000};
  for (const Law law : kLaws) {
    for (const std::uint32_t n : kSizes) {
      suite.add("hold " + std::string(name_of(law)) + ", " + size_text(n),
                [law, n] { return hold(law, n); });
    }
  }
  for (const std::uint32_t n : kSizes) {
    suite.add("hold and re-arm, " + size_text(n), [n] { return rearm(n); });
  }
}

}  // namespace seedbed::bench
