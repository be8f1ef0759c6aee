// A process is a copyable value that reacts: no coroutines, no captured callbacks, no pointers to
// other nodes. It lists what it reacts to; dispatch is a perfect hash computed at compile time.
//
//   class Server : public Process<Server, Ping, Tick> {
//    public:
//     void start(Context& ctx, const Recovered& durable);           // at boot and after a crash
//     void on(Context& ctx, const Envelope& from, const Ping& m);   // a message
//     void on(Context& ctx, const Tick& t);                         // a timer's tag
//   };
//   struct Deaf : Mutant<Deaf, Server> { bool hears() const override { return false; } };
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sim/base/assert.h"
#include "sim/base/fields.h"
#include "sim/base/ids.h"
#include "sim/base/parameters.h"
#include "sim/base/text.h"
#include "sim/kernel/payload.h"

namespace seedbed {

class Context;
class Recovered;

/// Where a message came from.
struct Envelope {
  Address from;
};

/// One for each process class (mutants share their protocol's): tells invariants whose state it is.
struct ProcessType {
  char unused = 0;  // its address is what counts, and only for equality
};

class ProcessBase {
 public:
  virtual ~ProcessBase() = default;
  /// A copy, made in `memory` of `size()` bytes, of which whoever has it destroys the object.
  virtual ProcessBase* clone_to(void* memory) const = 0;
  virtual std::size_t size() const = 0;
  virtual const ProcessType& type() const = 0;
  virtual void boot(Context& ctx, const Recovered& durable) = 0;
  /// It stops for good, and may say goodbye first. What would wait for the disk is not sent.
  virtual void leave(Context& /*ctx*/) {}
  /// A message or a timer's tag. One that the process does not list is an assertion.
  virtual void handle(Context& ctx, const Envelope& from, const PayloadHeader& payload) = 0;
  virtual bool handles(const PayloadType& type) const = 0;
  /// What the process is at the moment, in the protocol's words: "leader"; "" for no roles. A
  /// literal: the run keeps it.
  virtual std::string_view role() const { return {}; }
  /// The term, epoch or ballot: among several of a role the highest is meant.
  virtual std::uint64_t epoch() const { return 0; }
  /// The described state, for people.
  virtual void text(std::string& out) const = 0;
  /// The same, field by field.
  virtual void fields(FieldSink& /*sink*/) const {}
  /// The names of the messages and tags that it lists, one after the other; "" after the last.
  virtual std::string_view handled(std::size_t /*i*/) const { return {}; }

 protected:
  ProcessBase() = default;
  ProcessBase(const ProcessBase&) = default;
  ProcessBase& operator=(const ProcessBase&) = default;
};

namespace detail {

struct Handler {
  const PayloadType* type = nullptr;
  void (*call)(ProcessBase&, Context&, const Envelope&, const void*) = nullptr;
};

template <std::size_t N>
consteval bool collides(const std::array<std::uint64_t, N>& ids, std::uint64_t multiplier,
                        unsigned shift) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if ((ids[i] * multiplier) >> shift == (ids[j] * multiplier) >> shift) return true;
    }
  }
  return false;
}

/// A multiplier that spreads the ids over 2^(64 - shift) places without collision.
template <std::size_t N>
consteval std::uint64_t find_multiplier(const std::array<std::uint64_t, N>& ids, unsigned shift) {
  std::uint64_t multiplier = kGolden | 1;
  while (collides(ids, multiplier, shift)) multiplier = scramble(multiplier) | 1;
  return multiplier;
}

/// Open places for n messages: a power of two of at least 2n, so that a multiplier is soon found.
consteval unsigned places_shift(std::size_t n) {
  unsigned bits = 2;
  while ((std::size_t{1} << bits) < 2 * n) ++bits;
  return 64 - bits;
}

}  // namespace detail

template <class Derived, Described... Messages>
class Process : public ProcessBase {
 public:
  static constexpr ProcessType kType{};

  ProcessBase* clone_to(void* memory) const override {
    return ::new (memory) Derived(static_cast<const Derived&>(*this));
  }
  std::size_t size() const override { return sizeof(Derived); }
  const ProcessType& type() const final { return kType; }
  void boot(Context& ctx, const Recovered& durable) final {
    static_cast<Derived&>(*this).start(ctx, durable);
  }
  void handle(Context& ctx, const Envelope& from, const PayloadHeader& payload) final {
    const detail::Handler& handler = kTable[(payload.type->id * kMultiplier) >> kShift];
    SEEDBED_ASSERT(handler.type == payload.type, "no handler for {}", payload.type->name);
    handler.call(*this, ctx, from, payload.object());
  }
  bool handles(const PayloadType& type) const final {
    return kTable[(type.id * kMultiplier) >> kShift].type == &type;
  }
  void text(std::string& out) const override {
    const auto& self = static_cast<const Derived&>(*this);
    if constexpr (requires(TextWriter & w) { self.describe(w); }) {
      TextWriter writer(out);
      self.describe(writer);
    }
  }
  void fields(FieldSink& sink) const override {
    const auto& self = static_cast<const Derived&>(*this);
    if constexpr (requires(FieldWriter & w) { self.describe(w); }) {
      FieldWriter writer(sink);
      self.describe(writer);
    }
  }
  std::string_view handled(std::size_t i) const final {
    constexpr std::array<std::string_view, sizeof...(Messages) + 1> kNames = {Messages::kName...,
                                                                              ""};
    return kNames[i];
  }

 private:
  static constexpr std::array<std::uint64_t, sizeof...(Messages)> kIds = {
      hash_text(Messages::kName)...};
  static constexpr unsigned kShift = detail::places_shift(sizeof...(Messages));
  static constexpr std::uint64_t kMultiplier = detail::find_multiplier(kIds, kShift);

  template <class M>
  static void call(ProcessBase& process, Context& ctx, const Envelope& from, const void* object) {
    auto& self = static_cast<Derived&>(process);
    const M& message = *static_cast<const M*>(object);
    if constexpr (requires { self.on(ctx, message); }) {
      self.on(ctx, message);
    } else {
      self.on(ctx, from, message);
    }
  }

  static constexpr auto kTable = [] {
    std::array<detail::Handler, std::size_t{1} << (64 - kShift)> table{};
    ((table[(hash_text(Messages::kName) * kMultiplier) >> kShift] = {&kPayloadType<Messages>,
                                                                     &call<Messages>}),
     ...);
    return table;
  }();
};

/// A protocol's process with one rule broken: a name and one override.
template <class Self, class Base>
struct Mutant : Base {
  ProcessBase* clone_to(void* memory) const override {
    return ::new (memory) Self(static_cast<const Self&>(*this));
  }
  std::size_t size() const override { return sizeof(Self); }
};

/// The factory of a protocol's process: `S` has `void configure(const P&)`.
template <class S, class P>
std::unique_ptr<ProcessBase> make_process(std::span<const Value> parameters) {
  auto process = std::make_unique<S>();
  process->configure(bind_parameters<P>(parameters));
  return process;
}

}  // namespace seedbed
