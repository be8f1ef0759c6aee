#include "bench/digest_share.h"

#include <benchmark/benchmark.h>

#include <stdexcept>

#include "bench/cpu_time.h"

namespace seedbed::bench {

namespace {
constexpr std::uint64_t kStride = 997;  // one of so many payloads is kept
constexpr int kRepeats = 100;
}  // namespace

void DigestShare::on_send(const MessageKey& key, const PayloadHeader& payload, const Fate&, bool) {
  // A broadcast is one payload, digested once. (Equal ones that are each sent on their own are
  // not.)
  const bool again = key.from == last_.from && key.sent == last_.sent && key.nth == last_.nth + 1 &&
                     &payload == last_payload_;
  last_ = key;
  last_payload_ = &payload;
  if (!again) note(payload);
}

void DigestShare::on_event(std::uint64_t, Time, const Event& event, const PayloadHeader* payload,
                           std::uint64_t) {
  ++events_;
  if (event.kind() == Event::Kind::kTimer && payload != nullptr) note(*payload);
}

void DigestShare::note(const PayloadHeader& payload) {
  if (payloads_++ % kStride != 0) return;
  if (!keep(payload, static_cast<const Any*>(nullptr))) ++unknown_;
}

template <class... T>
bool DigestShare::keep(const PayloadHeader& payload, const std::variant<T...>*) {
  const auto keep_one = [&]<class M>(const M*) {
    if (payload.type != &kPayloadType<M>) return false;
    sample_.emplace_back(*static_cast<const M*>(payload.object()));
    return true;
  };
  return (keep_one(static_cast<const T*>(nullptr)) || ...);
}

double DigestShare::seconds() const {
  if (sample_.empty() || unknown_ * 100 > sample_.size()) {
    throw std::runtime_error("the digests' share: payloads of unknown types");
  }
  return seconds_of_payloads() + seconds_of_events();
}

double DigestShare::seconds_of_payloads() const {
  const double start = cpu_seconds();
  for (int i = 0; i < kRepeats; ++i) {
    for (const Any& any : sample_) {
      std::visit(
          [](const auto& m) {
            Digester digester(1);
            m.describe(digester);
            ::benchmark::DoNotOptimize(digester.hash());
          },
          any);
    }
  }
  const double one = (cpu_seconds() - start) / kRepeats / static_cast<double>(sample_.size());
  return one * static_cast<double>(payloads_);
}

/// As World::account: a word for the event, into the run's digest and into its node's.
double DigestShare::seconds_of_events() const {
  constexpr std::uint64_t kEvents = 1'000'000;
  constexpr std::uint64_t kNodes = 16;
  std::uint64_t run = 1;
  std::uint64_t nodes[kNodes] = {};
  const double start = cpu_seconds();
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    const std::uint64_t word = fold(fold(i, i << 32), i * kGolden);
    run = fold(run + kGolden, word);
    nodes[i % kNodes] = fold(nodes[i % kNodes] + kGolden, word);
    ::benchmark::ClobberMemory();
  }
  ::benchmark::DoNotOptimize(run);
  ::benchmark::DoNotOptimize(nodes);
  return (cpu_seconds() - start) / kEvents * static_cast<double>(events_);
}

}  // namespace seedbed::bench
