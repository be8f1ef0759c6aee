#include "sim/check/temporal/tally.h"

#include <fmt/format.h>

#include <algorithm>

namespace seedbed::temporal {

namespace {

/// The fields that a quantifier asks for, of one process.
class Asked final : public FieldSink {
 public:
  Asked(const std::vector<std::string>& names, const ProcessBase& process)
      : names_(names), values_(names.size()), seen_(names.size(), false) {
    if (wants("role")) see("role", {FieldValue::Kind::kWord, 0, std::string(process.role())});
    if (wants("epoch")) {
      see("epoch", {FieldValue::Kind::kNumber, static_cast<std::int64_t>(process.epoch()), {}});
    }
    process.fields(*this);
  }

  bool all_seen() const { return std::find(seen_.begin(), seen_.end(), false) == seen_.end(); }
  const FieldValue& operator[](std::size_t i) const { return values_[i]; }

  bool wants(std::string_view path) override {
    at_ = static_cast<std::size_t>(std::find(names_.begin(), names_.end(), path) - names_.begin());
    return at_ < names_.size() && !seen_[at_];
  }
  void see(std::string_view path, const FieldValue& value) override {
    if (!wants(path)) return;
    values_[at_] = value;
    seen_[at_] = true;
  }

 private:
  const std::vector<std::string>& names_;
  std::vector<FieldValue> values_;
  std::vector<bool> seen_;
  std::size_t at_ = 0;
};

/// Of different kinds, or of words that are not the same, nothing holds but `!=`.
bool compare(const FieldValue& a, Relation relation, const FieldValue& b) {
  if (a.kind == FieldValue::Kind::kNumber && b.kind == FieldValue::Kind::kNumber) {
    return holds(a.number, relation, b.number);
  }
  const bool same = a.kind == b.kind && a.word == b.word;
  return relation == Relation::kUnequal ? !same : relation == Relation::kEqual && same;
}

bool compare(const Formula& f, const Asked& asked) {
  if (f.with_field) return compare(asked[f.left], f.relation, asked[f.right]);
  if (!f.with_word) {
    const FieldValue& a = asked[f.left];
    if (a.kind != FieldValue::Kind::kNumber) return f.relation == Relation::kUnequal;
    return holds(a.number, f.relation, f.number);
  }
  const FieldValue& a = asked[f.left];
  const bool nothing = a.kind == FieldValue::Kind::kNothing && f.word == "none";
  const bool same = nothing || (a.kind == FieldValue::Kind::kWord && a.word == f.word);
  return same == (f.relation == Relation::kEqual);
}

bool holds_inside(const Formula& f, const Asked& asked) {
  const auto inside = [&](const Formula& part) { return holds_inside(part, asked); };
  if (f.kind == Formula::Kind::kNot) return !inside(f.parts[0]);
  if (f.kind == Formula::Kind::kAnd) return std::all_of(f.parts.begin(), f.parts.end(), inside);
  if (f.kind == Formula::Kind::kOr) return std::any_of(f.parts.begin(), f.parts.end(), inside);
  return compare(f, asked);
}

std::string text_of(const FieldValue& value) {
  if (value.kind == FieldValue::Kind::kNothing) return "none";
  return value.kind == FieldValue::Kind::kNumber ? std::to_string(value.number) : value.word;
}

}  // namespace

bool Tally::look(const World& world, NodeId n) {
  State now = kOutside;
  if (const ProcessBase* process = world.process(n)) {
    const Asked asked(quantifier_->fields, *process);
    if (asked.all_seen()) now = holds_inside(quantifier_->parts[0], asked) ? kHolds : kNot;
  }
  std::uint8_t& before = of_server_[n.value - 1];
  if (before == now) return false;
  if (before != kOutside) --(before == kHolds ? holds_ : not_);
  if (now != kOutside) ++(now == kHolds ? holds_ : not_);
  before = now;
  return true;
}

bool Tally::holds() const {
  switch (quantifier_->kind) {
    case Formula::Kind::kAll: return not_ == 0;
    case Formula::Kind::kAny: return holds_ != 0;
    default: return temporal::holds(holds_, quantifier_->relation, quantifier_->number);
  }
}

std::vector<NodeId> Tally::servers(bool where) const {
  std::vector<NodeId> found;
  for (std::uint32_t i = 0; i < of_server_.size(); ++i) {
    if (of_server_[i] == (where ? kHolds : kNot)) found.push_back({i + 1});
  }
  return found;
}

std::string Tally::text(const World& world, NodeId n) const {
  const ProcessBase* process = world.process(n);
  if (process == nullptr) return to_text(n);
  const Asked asked(quantifier_->fields, *process);
  std::string values;
  for (std::size_t i = 0; i < quantifier_->fields.size(); ++i) {
    values += fmt::format("{}{}={}", i == 0 ? "" : " ", quantifier_->fields[i], text_of(asked[i]));
  }
  return fmt::format("{} ({})", to_text(n), values);
}

}  // namespace seedbed::temporal
