#include <fmt/format.h>

#include <limits>

#include "sim/base/text.h"
#include "sim/scenario/workload_fields.h"

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
  std::optional<kv::Key> read, write, cas;
  std::optional<kv::Value> value, expected;
};
template <class F>
void fields(F& f, ListedDraft& d) {
  f("at", d.at, "when it starts", Need::kRequired);
  f("client", d.client, "who asks", ClientForm{}, Need::kRequired);
  f("read", d.read, "the key that is read", kKeyForm);
  f("write", d.write, "or: the key that is written", kKeyForm);
  f("cas", d.cas, "or: the key that is compared and set", kKeyForm);
  f("value", d.value, "of a write or a cas: what is written", kValueForm);
  f("expected", d.expected, "of a cas: what the key must hold; left out: nothing yet", kValueForm);
}
constexpr MapForm<ListedDraft> kListed = {
    "an operation, such as { at: 1s, client: c1, write: 0, value: 7 }"};

struct ListedForm {
  void read(const Cursor& at, ListedOperation& out) const {
    ListedDraft d;
    kListed.read(at, d);
    if (!at.node().is_map() || !at.errors().clean(at.path())) return;
    if (!expect_one_key(at, "operations", {"read", "write", "cas"})) return;
    if (d.read && d.value) at.nearest("value").key_error("a read writes nothing");
    if (!d.read && !d.value) at.missing("value", "what is written");
    if (!d.cas && d.expected) at.nearest("expected").key_error("goes with a cas");
    out.at = Time{} + d.at;
    out.client = d.client;
    out.command.function = d.read    ? kv::Function::kRead
                           : d.write ? kv::Function::kWrite
                                     : kv::Function::kCas;
    out.command.key = d.read ? *d.read : d.write ? *d.write : *d.cas;
    out.command.value = d.value.value_or(kv::kNil);
    out.command.expected = d.expected.value_or(kv::kNil);
  }
  Shape shape() const {
    Shape s = kListed.shape();
    s.exactly_one.push_back({"read", "write", "cas"});
    return s;
  }
};
constexpr ListForm<ListedForm> kAllListed = {"a list of operations", {}, 1};
constexpr IntegerForm kCountForm{1, std::numeric_limits<std::int64_t>::max()};

}  // namespace

void OperationsForm::read(const Cursor& at, KvConfig& out) const {
  if (at.node().is_list()) return kAllListed.read(at, out.listed);
  std::uint64_t count = 0;
  kCountForm.read(at, count);
  if (at.errors().clean(at.path())) out.operations = count;
}
Shape OperationsForm::shape() const {
  return Shape::either({kCountForm.shape(), kAllListed.shape()});
}

void check_listed(const Cursor& workload, const KvConfig& kv, Time end) {
  if (kv.listed.empty()) return;
  for (const std::string_view key : {"rate", "think", "keys", "distribution", "mix"}) {
    const Cursor at = workload.nearest(key);
    if (&at.node() != &workload.node()) {
      at.key_error("says what is drawn; the operations are listed");
    }
  }
  const Cursor list = workload.nearest("operations");
  for (std::size_t i = 0; i < kv.listed.size(); ++i) {
    const ListedOperation& op = kv.listed[i];
    if (op.client >= kv.clients) {
      list.item(i).nearest("client").error(
          kv.clients == 1 ? "there is one client: c1"
                          : fmt::format("there are {0} clients: c1 to c{0}", kv.clients));
    }
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

void DistributionForm::read(const Cursor& at, KvConfig& out) const {
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
