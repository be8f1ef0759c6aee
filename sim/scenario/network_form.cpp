// `network:`, and what may be said of single links.
#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/who.h"
#include "sim/scenario/world_fields.h"

namespace seedbed {

template <class F>
void fields(F& f, Reorder& reorder) {
  f("chance", reorder.chance, "how likely a message is held back", Need::kRequired);
  f("by", reorder.by, "for how long", Need::kRequired);
}

namespace {

constexpr MapForm<Reorder> kReorder = {"a map, such as { chance: 1%, by: 10ms }"};

// --- loss

struct BurstDraft {
  std::optional<Duration> every;
  std::optional<Duration> lasts;
  std::optional<Probability> enter;
  std::optional<Probability> leave;
  std::optional<Duration> step;
  Probability bad = Probability::percent(100);
  Probability good;
};
template <class F>
void fields(F& f, BurstDraft& burst) {
  const DurationForm positive{1_ns};
  f("every", burst.every, "how long from one burst to the next, on the average", positive);
  f("for", burst.lasts, "how long a burst is, on the average", positive);
  f("enter", burst.enter, "or: how likely a burst begins in a step");
  f("leave", burst.leave, "and how likely it ends in one");
  f("step", burst.step, "how long a step is; left out: 1ms", positive);
  f("bad", burst.bad, "how likely a message is lost in a burst; left out: 100%");
  f("good", burst.good, "and between bursts; left out: 0%");
}

struct LossDraft {
  BurstDraft burst;
};
template <class F>
void fields(F& f, LossDraft& loss) {
  f("burst", loss.burst, "bursts of loss, as Gilbert (1960) and Elliott (1963) have them",
    MapForm<BurstDraft>{"bursts, such as { every: 2s, for: 50ms }"}, Need::kRequired);
}
constexpr MapForm<LossDraft> kBursty = {
    "a percentage, or bursts, such as { burst: { every: 2s, for: 50ms } }"};

void read_by_time(const Cursor& at, const BurstDraft& draft, Bursts& out) {
  if (!draft.every) return at.missing("every", "how long from one burst to the next");
  if (!draft.lasts) return at.missing("for", "how long a burst is");
  if (*draft.lasts >= *draft.every) {
    return at.nearest("for").error(fmt::format("{} is not shorter than every, {}",
                                               to_text(*draft.lasts), to_text(*draft.every)));
  }
  out = {*draft.every - *draft.lasts, *draft.lasts};
}

void read_by_step(const Cursor& at, const BurstDraft& draft, Bursts& out) {
  if (!draft.enter) return at.missing("enter", "how likely a burst begins in a step");
  if (!draft.leave) return at.missing("leave", "how likely it ends in one");
  if (!*draft.enter) return at.nearest("enter").error("never, so there are no bursts");
  if (!*draft.leave) return at.nearest("leave").error("never, so the first burst has no end");
  if (std::uint64_t{draft.enter->ppb} + draft.leave->ppb >= Probability::kOne) {
    return at.nearest("leave").error("enter and leave sum up to 100% or more; take a longer step");
  }
  out = Bursts::stepping(draft.step.value_or(1_ms), *draft.enter, *draft.leave);
}

struct LossForm {
  void read(const Cursor& at, Loss& out) const {
    out = {};
    if (!at.node().is_map()) {
      if (at.scalar(kBursty.wanted)) PercentForm{}.read(at, out.chance);
      return;
    }
    LossDraft draft;
    kBursty.read(at, draft);
    if (!at.errors().clean(at.path())) return;
    const Cursor burst = at.nearest("burst");
    const auto complain = [&](std::string_view key, std::string_view other) {
      if (const YamlNode* node = burst.node().find(key)) {
        burst.child(*node).key_error(fmt::format("does not go with {}", other));
      }
    };
    const bool by_time = draft.burst.every || draft.burst.lasts;
    if (by_time) {
      for (const std::string_view key : {"enter", "leave", "step"}) complain(key, "every and for");
      read_by_time(burst, draft.burst, out.bursts);
    } else {
      read_by_step(burst, draft.burst, out.bursts);
    }
    out.chance = draft.burst.good;
    out.burst_chance = draft.burst.bad;
  }
  Shape shape() const { return Shape::either({PercentForm{}.shape(), kBursty.shape()}); }
};

// --- uplinks and streams

struct UplinkDraft {
  std::uint64_t rate = 0;
  std::uint64_t queue = 0;
};
template <class F>
void fields(F& f, UplinkDraft& uplink) {
  f("rate", uplink.rate, "how fast it is", BandwidthForm{}, Need::kRequired);
  f("queue", uplink.queue, "what finds more than this waiting is lost (drop-tail)", SizeForm{});
}
struct UplinkForm {
  static constexpr MapForm<UplinkDraft> kMap = {"a map, such as { rate: 10Mbps, queue: 64KiB }"};
  void read(const Cursor& at, NetworkConfig& out) const {
    UplinkDraft draft;
    if (at.node().is_map()) {
      kMap.read(at, draft);
    } else {
      BandwidthForm{}.read(at, draft.rate);
    }
    out.bandwidth = draft.rate;
    out.queue = draft.queue;
  }
  Shape shape() const { return Shape::either({BandwidthForm{}.shape(), kMap.shape()}); }
};

enum class Order : std::uint8_t { kAny, kFifo };
constexpr Choice<Order> kOrders[] = {
    {"any", Order::kAny, "each message finds its own way"},
    {"fifo", Order::kFifo, "a stream for each link, as TCP gives it"},
};

struct FifoDraft {
  StreamConfig fifo;
};
}  // namespace
template <class F>
void fields(F& f, StreamConfig& stream) {
  f("retransmit", stream.retransmit, "when a lost message is sent again; it doubles each time",
    DurationForm{1_us});
  f("reset_after", stream.reset_after, "of no success: what is in flight is lost",
    DurationForm{1_us});
}
namespace {
template <class F>
void fields(F& f, FifoDraft& draft) {
  f("fifo", draft.fifo, "a stream for each link, as TCP gives it",
    MapForm<StreamConfig>{"a map, such as { retransmit: 200ms, reset_after: 10s }"},
    Need::kRequired);
}
struct OrderForm {
  static constexpr ChoiceForm<Order> kWords = {kOrders, "order"};
  static constexpr MapForm<FifoDraft> kMap = {"any, fifo, or { fifo: { reset_after: 10s } }"};
  void read(const Cursor& at, NetworkConfig& out) const {
    FifoDraft draft;
    Order order = Order::kFifo;
    if (at.node().is_map()) {
      kMap.read(at, draft);
    } else {
      kWords.read(at, order);
    }
    out.streams.reset();
    if (order == Order::kFifo) out.streams = draft.fifo;
  }
  Shape shape() const { return Shape::either({kWords.shape(), kMap.shape()}); }
};

// --- links

struct LinkDraft {
  Selector from;
  Selector to;
  LinkConfig config;
};

/// Nodes that are known before the run.
struct EndForm {
  const Who* who;
  void read(const Cursor& at, Selector& out) const {
    SelectorForm{who}.read(at, out);
    const bool known = out.kind == Selector::Kind::kNodes || out.kind == Selector::Kind::kAll;
    if (!known && at.errors().clean(at.path())) {
      at.error("links are there before the run: n3, [n1, n2], a group, a region or all");
    }
  }
  Shape shape() const { return SelectorForm{who}.shape(); }
};

template <class F>
void link_fields(F& f, LinkDraft& link, const Who* who) {
  f("from", link.from, "messages from these", EndForm{who}, Need::kRequired);
  f("to", link.to, "to these", EndForm{who}, Need::kRequired);
  f("both_ways", link.config.both_ways, "and from those to these");
  f("latency", link.config.latency, "instead of the network's", LatencyForm{});
  f("loss", link.config.loss, "instead of the network's", LossForm{});
  f("duplicate", link.config.duplicate, "instead of the network's");
  f("reorder", link.config.reorder, "instead of the network's", kReorder);
  f("corrupt", link.config.corrupt, "instead of the network's");
}

std::vector<bool> members(const Selector& selector, const Who& who) {
  std::vector<bool> nodes(std::size_t{who.nodes} + who.clients + 1);
  for (const NodeId n : selector.nodes) {
    if (n.value < nodes.size()) nodes[n.value] = true;
  }
  if (selector.kind == Selector::Kind::kAll) {
    for (std::uint32_t id = 1; id <= who.nodes; ++id) nodes[id] = true;
  }
  return nodes;
}

struct LinkForm {
  const Who* who;
  void read(const Cursor& at, LinkConfig& out) const {
    if (!at.expect_map("a link, such as { from: n1, to: n2, latency: 50ms }")) return;
    Reader reader(at);
    LinkDraft draft;
    link_fields(reader, draft, who);
    reader.finish();
    const LinkConfig& c = draft.config;
    if (!c.latency && !c.loss && !c.duplicate && !c.reorder && !c.corrupt &&
        at.errors().clean(at.path())) {
      at.error("says nothing of the link: latency, loss, duplicate, reorder or corrupt");
    }
    out = std::move(draft.config);
    out.from = members(draft.from, *who);
    out.to = members(draft.to, *who);
  }
  Shape shape() const {
    ShapeWriter writer;
    LinkDraft scratch;
    link_fields(writer, scratch, who);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    return s;
  }
};

/// Each message looks through them.
constexpr std::size_t kMostLinks = 1'000;

template <class F>
void network_fields(F& f, NetworkConfig& network, const Draft* draft) {
  f("latency", network.latency, "how long a message takes, drawn for each", LatencyForm{});
  f("loss", network.loss, "how likely a message is lost, alone or in bursts", LossForm{});
  f("duplicate", network.duplicate, "how likely a message arrives twice");
  f("reorder", network.reorder, "extra delay for some messages, which others then overtake",
    kReorder);
  f("corrupt", network.corrupt, "how likely a bit of a message flips");
  f("bandwidth", network, "of each node's uplink", UplinkForm{});
  f("order", network, "what a link promises", OrderForm{});
  f("topology", network.topology, "who is wired to whom; messages travel along the edges",
    TopologyForm{});
  const Who who = draft != nullptr ? who_of(*draft) : Who{};  // the topology says how many nodes
  f("links", network.links, "what is different on some links; later ones win",
    ListForm<LinkForm>{"a list of links", LinkForm{&who}});
}

}  // namespace

void NetworkForm::read(const Cursor& at, NetworkConfig& out) const {
  if (!at.expect_map("a map of settings")) return;
  Reader reader(at);
  network_fields(reader, out, draft);
  reader.finish();
  if (out.links.size() <= kMostLinks) return;
  at.nearest("links").error(fmt::format("{} links: at most {}", out.links.size(), kMostLinks));
}

Shape NetworkForm::shape() const {
  ShapeWriter writer;
  NetworkConfig scratch;
  network_fields(writer, scratch, nullptr);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  return s;
}

}  // namespace seedbed
