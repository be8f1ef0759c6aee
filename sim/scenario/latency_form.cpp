#include "sim/scenario/latency_form.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "sim/base/text.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/samples.h"

namespace seedbed {

namespace {

// Laws have tails; a day is far beyond any network, and keeps their tables within int64.
constexpr DurationForm kScale = {1_ns, 3'600_s * 24};
constexpr std::int64_t kMillion = 1'000'000;

struct Exponential {
  Duration mean;
};
template <class F>
void fields(F& f, Exponential& law) {
  f("mean", law.mean, "the mean", kScale, Need::kRequired);
}

struct Lognormal {
  Duration median;
  Duration p99;
};
template <class F>
void fields(F& f, Lognormal& law) {
  f("median", law.median, "half of the messages are faster", kScale, Need::kRequired);
  f("p99", law.p99, "one message in a hundred is slower", kScale, Need::kRequired);
}

struct Pareto {
  Duration min;
  std::int64_t alpha_ppm = 0;
};
template <class F>
void fields(F& f, Pareto& law) {
  f("min", law.min, "no message is faster", kScale, Need::kRequired);
  f("alpha", law.alpha_ppm, "the weight of the tail: the smaller, the heavier, such as 1.5",
    DecimalForm{6, kMillion / 10, 100 * kMillion}, Need::kRequired);
}

struct Laws {
  std::optional<Exponential> exponential;
  std::optional<Lognormal> lognormal;
  std::optional<Pareto> pareto;
  std::optional<std::string> samples;
};
template <class F>
void fields(F& f, Laws& laws) {
  f("exponential", laws.exponential, "memoryless");
  f("lognormal", laws.lognormal, "as measured between hosts of one data centre");
  f("pareto", laws.pareto, "a heavy tail");
  f("samples", laws.samples,
    "a file of measured values, each as likely: durations or numbers of milliseconds",
    TextForm{true});
}

constexpr std::string_view kWanted =
    "a duration, a range, or a law (exponential, lognormal, pareto, samples)";
constexpr MapForm<Laws> kLaws = {kWanted, "laws"};

void read_law(const Cursor& at, Latency& out) {
  Laws laws;
  kLaws.read(at, laws);
  if (!at.errors().clean(at.path())) return;
  if (laws.exponential) out = Latency::exponential(laws.exponential->mean);
  if (laws.lognormal) {
    if (laws.lognormal->p99 < laws.lognormal->median) {
      return at.nearest("lognormal")
          .nearest("p99")
          .error(fmt::format("{} is below the median of {}", to_text(laws.lognormal->p99),
                             to_text(laws.lognormal->median)));
    }
    out = Latency::lognormal(laws.lognormal->median, laws.lognormal->p99);
  }
  if (laws.pareto) {
    out = Latency::pareto(laws.pareto->min, static_cast<double>(laws.pareto->alpha_ppm) / kMillion);
  }
  if (laws.samples) {
    std::vector<Duration> values = read_samples(at.nearest("samples"), *laws.samples);
    if (!values.empty()) out = Latency::samples(std::move(values));
  }
}

}  // namespace

void LatencyForm::read(const Cursor& at, Latency& out) const {
  if (at.node().is_map()) return read_law(at, out);
  if (!at.scalar(kWanted)) return;
  Range<Duration> range;
  RangeForm{}.read(at, range);
  if (!at.errors().clean(at.path())) return;
  out = range.min == range.max ? Latency::constant(range.min) : Latency::uniform(range);
}

Shape LatencyForm::shape() const { return Shape::either({RangeForm{}.shape(), kLaws.shape()}); }

}  // namespace seedbed
