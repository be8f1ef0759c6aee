#include "sim/scenario/decisions_form.h"

#include <limits>

#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

/// One node by its name.
struct NodeForm {
  const Who* who;
  void read(const Cursor& at, NodeId& out) const {
    Selector selector;
    SelectorForm{who}.read(at, selector);
    if (!at.errors().clean(at.path())) return;
    if (selector.kind != Selector::Kind::kNodes || selector.nodes.size() != 1) {
      return at.error("one node is wanted, such as n1 or c1");
    }
    out = selector.nodes.front();
  }
  Shape shape() const {
    return shape_of(UnitForm{"a node", "n1, n2, ..., c1, ...", "^[nc][1-9][0-9]*$", "n1"});
  }
};

struct DecisionDraft {
  std::optional<std::string> lose, delay, duplicate;
  Decision decision;
  std::optional<Duration> by;
  Duration sent{};
};

struct DecisionForm {
  const Who* who;

  template <class F>
  void keys(F& f, DecisionDraft& d) const {
    const TextForm name{true};
    f("lose", d.lose, "the message that is lost: its name", name);
    f("delay", d.delay, "or: that arrives later", name);
    f("duplicate", d.duplicate, "or: that arrives twice", name);
    f("from", d.decision.key.from, "who sends it", NodeForm{who}, Need::kRequired);
    f("to", d.decision.key.to, "to whom", NodeForm{who}, Need::kRequired);
    f("sent", d.sent, "when, exactly", Need::kRequired);
    f("nth", d.decision.key.nth, "which of those that its sender sends at that time, from 0",
      IntegerForm{0, std::numeric_limits<std::uint32_t>::max()});
    f("by", d.by, "how much later it arrives, or arrives again");
  }

  void read(const Cursor& at, Decision& out) const {
    if (!at.expect_map("a decision, such as { lose: Reply, from: n1, to: c1, sent: 1.2s }")) return;
    DecisionDraft d;
    Reader reader(at);
    keys(reader, d);
    reader.finish();
    if (!at.errors().clean(at.path())) return;
    if (!expect_one_key(at, "decisions", {"lose", "delay", "duplicate"})) return;
    if (d.lose && d.by) at.nearest("by").key_error("what is lost does not arrive");
    if (!d.lose && !d.by) at.missing("by", "how much later");
    out = d.decision;
    out.kind = d.lose    ? Decision::Kind::kLose
               : d.delay ? Decision::Kind::kDelay
                         : Decision::Kind::kDuplicate;
    out.message = d.lose ? *d.lose : d.delay ? *d.delay : *d.duplicate;
    out.key.sent = Time{} + d.sent;
    out.by = d.by.value_or(Duration{});
  }

  Shape shape() const {
    ShapeWriter writer;
    DecisionDraft scratch;
    keys(writer, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    s.exactly_one.push_back({"lose", "delay", "duplicate"});
    return s;
  }
};

}  // namespace

void DecisionsForm::read(const Cursor& at, Decisions& out) const {
  std::vector<Decision> decisions;
  ListForm<DecisionForm>{"a list of decisions", {&who}}.read(at, decisions);
  out = sorted(std::move(decisions));
}

Shape DecisionsForm::shape() const {
  return ListForm<DecisionForm>{"a list of decisions", {&who}}.shape();
}

}  // namespace seedbed
