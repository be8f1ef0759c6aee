#include <fmt/format.h>

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

}  // namespace

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
