#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/base/text.h"
#include "sim/scenario/workload_fields.h"
#include "sim/workload/workflow_client.h"

namespace seedbed {

namespace {

constexpr Choice<KeyDistribution> kDistributions[] = {
    {"uniform", KeyDistribution::kUniform, "each key as often"},
};
constexpr ChoiceForm<KeyDistribution> kWords = {kDistributions, "distribution"};

struct Skewed {
  std::uint32_t zipf_permille = 990;
};
template <class F>
void fields(F& f, Skewed& skewed) {
  f("zipf", skewed.zipf_permille, "the exponent: the larger, the more the first keys are asked for",
    DecimalForm{3, 1, 10'000});
}

constexpr MapForm<Skewed> kSkewed = {"uniform or { zipf: 0.99 }", "distributions"};
constexpr MapForm<KvMix> kMix = {"a map, such as { read: 50%, write: 50% }"};

// --- listed operations

constexpr IntegerForm kKeyForm{0, 1'000'000 - 1};
constexpr kv::Value kMostAmount = 1'000'000'000;
constexpr IntegerForm kStepForm{1, workflow::kMostSteps};
constexpr IntegerForm kValueForm{0, std::numeric_limits<std::int64_t>::max()};

/// "c3" is 2.
struct ClientForm {
  void read(const Cursor& at, std::uint32_t& out) const {
    const auto text = at.scalar("a client: c1, c2, ...");
    if (!text) return;
    if (const auto n = client_named(*text)) {
      out = *n;
    } else {
      at.error(in_quotes(*text) + " is no client: c1, c2, ...");
    }
  }
  static std::optional<std::uint32_t> client_named(std::string_view text) {
    if (!text.starts_with('c')) return std::nullopt;
    const auto n = parse_integer(text.substr(1), 1, 1'000'000);
    if (!n.value) return std::nullopt;
    return static_cast<std::uint32_t>(*n.value - 1);
  }
  Shape shape() const {
    return shape_of(UnitForm{"a client", "c1, c2, ...", "^c[1-9][0-9]*$", "c1"});
  }
};

struct ListedDraft {
  Duration at{};
  std::uint32_t client = 0;
  std::optional<kv::Key> read, write, cas, start;
  std::optional<kv::Value> value, expected, refuse;
};
template <class F>
void fields(F& f, ListedDraft& d) {
  f("at", d.at, "when it starts", Need::kRequired);
  f("client", d.client, "who asks", ClientForm{}, Need::kRequired);
  f("read", d.read, "the key that is read", kKeyForm);
  f("write", d.write, "or: the key that is written", kKeyForm);
  f("cas", d.cas, "or: the key that is compared and set", kKeyForm);
  f("start", d.start, "of a workflow: the item that the saga is about", kKeyForm);
  f("value", d.value, "of a write or a cas: what is written; of a saga: its amount", kValueForm);
  f("expected", d.expected, "of a cas: what the key must hold; left out: nothing yet", kValueForm);
  f("refuse", d.refuse, "of a saga: the number of the step that is refused, from 1", kStepForm);
}
constexpr MapForm<ListedDraft> kListed = {
    "an operation, such as { at: 1s, client: c1, write: 0, value: 7 }"};

struct ListedForm {
  void read(const Cursor& at, ListedOperation& out) const {
    ListedDraft d;
    kListed.read(at, d);
    if (!at.node().is_map() || !at.errors().clean(at.path())) return;
    if (!expect_one_key(at, "operations", {"read", "write", "cas", "start"})) return;
    if (d.read && d.value) at.nearest("value").key_error("a read writes nothing");
    if (!d.read && !d.value) at.missing("value", "what is written");
    if (!d.cas && d.expected) at.nearest("expected").key_error("goes with a cas");
    if (!d.start && d.refuse) at.nearest("refuse").key_error("goes with a saga");
    if (d.start && d.value && (*d.value < 1 || *d.value > kMostAmount)) {
      at.nearest("value").error(fmt::format("the amount of a saga is 1 to {}", kMostAmount));
    }
    out.at = Time{} + d.at;
    out.client = d.client;
    out.command.function = d.read    ? kv::Function::kRead
                           : d.write ? kv::Function::kWrite
                           : d.cas   ? kv::Function::kCas
                                     : kv::Function::kWrite;
    out.command.key = d.read ? *d.read : d.write ? *d.write : d.cas ? *d.cas : *d.start;
    out.command.value = d.value.value_or(kv::kNil);
    out.command.expected = d.refuse ? *d.refuse - 1 : d.expected.value_or(kv::kNil);
    out.starts_saga = d.start.has_value();
  }
  Shape shape() const {
    Shape s = kListed.shape();
    s.exactly_one.push_back({"read", "write", "cas", "start"});
    return s;
  }
};
/// Of a workload whose operations are texts: "{ at: 1s, client: c1, read: nil }".
struct ListedText {
  Duration at{};
  std::uint32_t client = 0;
  std::vector<std::optional<std::string>> values;  // one for each function
};
struct TextListedForm {
  const Workload* kind;

  template <class F>
  void fields(F& f, ListedText& d) const {
    d.values.resize(kind->functions.size());
    f("at", d.at, "when it starts", DurationForm{}, Need::kRequired);
    f("client", d.client, "who asks", ClientForm{}, Need::kRequired);
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      f(kind->functions[i], d.values[i], fmt::format("such as {}", kind->examples[i]),
        TextForm{true});
    }
  }
  void read(const Cursor& at, ListedOperation& out) const {
    if (!at.expect_map("an operation, such as { at: 1s, client: c1, ... }")) return;
    Reader reader(at);
    ListedText d;
    fields(reader, d);
    reader.finish();
    if (!at.errors().clean(at.path())) return;
    const auto& functions = kind->functions;
    if (!expect_one_key(at, "operations", {functions.begin(), functions.end()})) return;
    out.at = Time{} + d.at;
    out.client = d.client;
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      if (!d.values[i]) continue;
      out.function = functions[i];
      out.value = *d.values[i];
    }
  }
  Shape shape() const {
    ShapeWriter writer;
    ListedText scratch;
    fields(writer, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    auto& one_of = s.exactly_one.emplace_back();
    for (const std::string_view function : kind->functions) one_of.emplace_back(function);
    return s;
  }
};

constexpr ListedForm kListedForm{};
constexpr ListForm<ListedForm> kAllListed = {"a list of operations", {}, 1};
constexpr IntegerForm kCountForm{1, std::numeric_limits<std::int64_t>::max()};

// --- kinds

/// Known to users of such tools, and not there yet.
constexpr Word kPlanned[] = {
    {"echo", "a request and its echo", true},
    {"register", "kv with one key", true},
    {"set", "adds elements and reads them all", true},
    {"counter", "increments and reads", true},
    {"unique-ids", "asks for ids", true},
    {"log", "appends, polls and commits offsets", true},
    {"lock", "acquires and releases", true},
    {"queue", "enqueues and dequeues", true},
};

std::vector<Word> kind_words() {
  std::vector<Word> words;
  for (const Workload* w : all_workloads()) words.push_back({w->name, w->about});
  words.insert(words.end(), std::begin(kPlanned), std::end(kPlanned));
  return words;
}

constexpr std::string_view kKindAbout = "what the clients ask for";

bool has(const std::vector<FieldShape>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const FieldShape& field) { return field.name == name; });
}

std::vector<FieldShape> keys_of_kind(const Workload* kind) {
  ShapeWriter writer;
  WorkloadConfig scratch;
  workload_fields(writer, scratch, kind);
  std::vector<FieldShape> keys;  // two workloads may have one of the same name
  for (FieldShape& key : writer.take()) {
    if (!has(keys, key.name)) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

void WorkloadKindForm::read(const Cursor& at, const Workload*& out) const {
  if (const auto i = read_word(at, kind_words(), "workload")) out = all_workloads()[*i];
}
Shape WorkloadKindForm::shape() const { return shape_of(kind_words()); }

std::vector<FieldShape> keys_of(const Workload& workload) { return keys_of_kind(&workload); }

void WorkloadForm::read(const Cursor& at, WorkloadConfig& out) const {
  if (!at.expect_map("a map of settings")) return;
  Reader reader(at);
  const Workload* kind = nullptr;  // where it is not known, every key is some workload's
  reader("kind", kind, kKindAbout, WorkloadKindForm{}, Need::kRequired);
  if (kind != nullptr) out.kind = kind;
  workload_fields(reader, out, kind);
  if (kind == nullptr) return reader.finish();
  std::vector<FieldShape> all = keys_of_kind(nullptr);
  const std::vector<std::string_view> known = reader.known();
  std::vector<std::string_view> foreign;
  for (const FieldShape& key : all) {
    if (std::find(known.begin(), known.end(), key.name) == known.end()) foreign.push_back(key.name);
  }
  reader.finish(kind->name, foreign);
}

Shape WorkloadForm::shape() const {
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields.push_back({"kind", std::string(kKindAbout), true, WorkloadKindForm{}.shape()});
  for (FieldShape& key : keys_of_kind(nullptr)) s.fields.push_back(std::move(key));
  for (const Workload* kind : all_workloads()) {
    ShapeCase c{"kind", std::string(kind->name), {}, {}};
    const std::vector<FieldShape> own = keys_of_kind(kind);
    for (std::size_t i = 1; i < s.fields.size(); ++i) {
      if (!has(own, s.fields[i].name)) c.without.push_back(s.fields[i].name);
    }
    s.cases.push_back(std::move(c));
  }
  return s;
}

void OperationsForm::read(const Cursor& at, WorkloadConfig& out) const {
  const bool texts = out.kind->complaint != nullptr;
  if (at.node().is_list() && !out.kind->listable) {
    return at.error(fmt::format("those of {} cannot be listed; say how many", out.kind->name));
  }
  if (at.node().is_list() && texts) {
    const ListForm<TextListedForm> form{"a list of operations", {out.kind}, 1};
    return form.read(at, out.listed);
  }
  if (at.node().is_list()) return kAllListed.read(at, out.listed);
  std::uint64_t count = 0;
  kCountForm.read(at, count);
  if (at.errors().clean(at.path())) out.operations = count;
}
Shape OperationsForm::shape() const {
  std::vector<Shape> operations = {kListedForm.shape()};
  for (const Workload* kind : all_workloads()) {
    if (kind->complaint != nullptr) operations.push_back(TextListedForm{kind}.shape());
  }
  return Shape::either(
      {kCountForm.shape(), Shape::list_of(Shape::either(std::move(operations)), 1)});
}

/// Each is of this workload; and what refuses a step may.
void check_saga(const Cursor& at, const WorkloadConfig& config, const ListedOperation& op) {
  const bool sagas = config.kind == &kWorkflowWorkload;
  if (op.starts_saga != sagas) {
    return at.error(fmt::format("no operation of {}{}", config.kind->name,
                                sagas ? ": those have `start`" : ""));
  }
  if (!sagas || op.command.expected == kv::kNil) return;
  const workflow::Workflow& steps = workflow_of(config);
  const auto step = static_cast<workflow::StepNumber>(op.command.expected);
  if (step >= steps.size()) {
    at.nearest("refuse").error(fmt::format("the workflow has {} steps", steps.size()));
  } else if (!steps.may_fail(step)) {
    at.nearest("refuse").error(in_quotes(steps[step].name) +
                               " comes after the pivot: it is retried until it succeeds");
  }
}

void check_listed(const Cursor& workload, const WorkloadConfig& config, Time end) {
  if (config.listed.empty()) return;
  const auto& lasting = config.kind->lasting_keys;
  for (const FieldShape& field : keys_of(*config.kind)) {
    const std::string_view key = field.name;
    const bool counts = key == "clients" || key == "timeout" || key == "operations" ||
                        std::find(lasting.begin(), lasting.end(), key) != lasting.end();
    const Cursor at = workload.nearest(key);
    if (!counts && &at.node() != &workload.node()) {
      at.key_error("says what is drawn; the operations are listed");
    }
  }
  const Cursor list = workload.nearest("operations");
  for (std::size_t i = 0; i < config.listed.size(); ++i) {
    const ListedOperation& op = config.listed[i];
    if (!op.function.empty()) {
      const std::string wrong = config.kind->complaint(config, op.function, op.value);
      if (!wrong.empty()) list.item(i).nearest(op.function).error(wrong);
    }
    if (op.client >= config.clients) {
      list.item(i).nearest("client").error(
          config.clients == 1 ? "there is one client: c1"
                              : fmt::format("there are {0} clients: c1 to c{0}", config.clients));
    }
    check_saga(list.item(i), config, op);
    if (op.at >= end) {
      list.item(i).nearest("at").error(fmt::format("{} is not before the end of the run, {}",
                                                   to_text(op.at - Time{}), to_text(end - Time{})));
    }
  }
}

void MixForm::read(const Cursor& at, KvMix& out) const {
  KvMix mix{{}, {}, {}};
  kMix.read(at, mix);
  if (!at.errors().clean(at.path())) return;
  const std::uint64_t sum = std::uint64_t{mix.read.ppb} + mix.write.ppb + mix.cas.ppb;
  if (sum != Probability::kOne) {
    const Probability shown{static_cast<std::uint32_t>(sum)};
    return at.error(fmt::format("read, write and cas sum up to {}, not to 100%", to_text(shown)));
  }
  out = mix;
}
Shape MixForm::shape() const { return kMix.shape(); }

void DistributionForm::read(const Cursor& at, WorkloadConfig& out) const {
  if (!at.node().is_map()) {
    if (at.scalar(kSkewed.wanted)) kWords.read(at, out.distribution);
    return;
  }
  Skewed skewed;
  kSkewed.read(at, skewed);
  out.distribution = KeyDistribution::kZipf;
  out.zipf_permille = skewed.zipf_permille;
}
Shape DistributionForm::shape() const { return Shape::either({kWords.shape(), kSkewed.shape()}); }

}  // namespace seedbed
