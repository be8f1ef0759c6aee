// Invariants look at a protocol's own state after each event that touched a node. They are
// incremental: they keep what they need from one event to the next and never scan everything. They
// are values and part of the run.
//
//   class ElectionSafety {
//    public:
//     static constexpr std::string_view kName = "election_safety";
//     bool concerned(NodeId n, const Server& s);
//     void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
//   };
//   ... = &make_watch<Server, ElectionSafety, LogMatching>;     // in the protocol's table
//
// `concerned` may be left out: whether anything that it looks at has changed. Most events change
// nothing of the kind, so let it be short. What can only be told at the end of a settled run is
// told by `void at_end(const Servers<Server>& servers, Report& report)`, which may be left out,
// too.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/world/world.h"

namespace seedbed {

/// Where an invariant says that it is broken. `shape` is the way of failing, without ids, numbers
/// or times.
class Report {
 public:
  struct Finding {
    std::string_view invariant;
    std::string message;
    std::string shape;
    std::vector<NodeId> nodes;
  };

  void fail(std::string shape, std::vector<NodeId> nodes, std::string message) {
    findings_.push_back({asked_, std::move(message), std::move(shape), std::move(nodes)});
  }
  /// Whose findings those are that come now.
  void asks(std::string_view invariant) { asked_ = invariant; }
  bool empty() const { return findings_.empty(); }
  std::vector<Finding> take() { return std::exchange(findings_, {}); }

 private:
  std::vector<Finding> findings_;
  std::string_view asked_;
};

/// The processes of type P that are up.
template <class P>
class Servers {
 public:
  explicit Servers(const World& world, ServiceId service = {}) : world_(world), service_(service) {}
  std::uint32_t count() const { return world_.servers(); }
  /// Null while `n` is down.
  const P* operator[](NodeId n) const {
    const ProcessBase* process = world_.process(n, service_);
    if (process == nullptr || &process->type() != &P::kType) return nullptr;
    return static_cast<const P*>(process);
  }
  /// Counts the boots of a node.
  std::uint32_t incarnation(NodeId n) const { return world_.incarnation(n); }

 private:
  const World& world_;
  ServiceId service_;
};

/// Whom the last event touched: `process` runs as `service` on `node`.
struct Touched {
  const World& world;
  NodeId node;
  ServiceId service;
  const ProcessBase& process;
};

/// All invariants of a protocol that look at processes of one type: asked in one call, since most
/// events concern none of them.
class WatchBase {
 public:
  virtual ~WatchBase() = default;
  virtual std::unique_ptr<WatchBase> clone() const = 0;
  /// Whose state they look at.
  const ProcessType& type() const { return *type_; }
  virtual bool has(std::string_view invariant) const = 0;
  /// This one is asked no more.
  virtual void leave_out(std::string_view invariant) = 0;
  /// At a process of that type.
  virtual void look(const Touched& touched, Report& report) = 0;
  /// At all of them, when the run has come to its end.
  virtual void end(const World& world, Report& report) = 0;

 protected:
  explicit WatchBase(const ProcessType& type) : type_(&type) {}

 private:
  const ProcessType* type_;
};

template <class P, class... Invariants>
class Watch final : public WatchBase {
 public:
  Watch() : WatchBase(P::kType) { asked_.fill(true); }
  std::unique_ptr<WatchBase> clone() const override { return std::make_unique<Watch>(*this); }
  bool has(std::string_view invariant) const override {
    return ((Invariants::kName == invariant) || ...);
  }
  void leave_out(std::string_view invariant) override {
    std::size_t i = 0;
    ((Invariants::kName == invariant ? void(asked_[i++] = false) : void(++i)), ...);
  }
  void look(const Touched& touched, Report& report) override {
    ask_all(touched, static_cast<const P&>(touched.process), report,
            std::index_sequence_for<Invariants...>());
  }
  void end(const World& world, Report& report) override {
    std::size_t i = 0;
    std::apply(
        [&](auto&... invariants) {
          ((asked_[i++] ? ask_at_end(invariants, world, report) : void()), ...);
        },
        invariants_);
  }

 private:
  template <class I>
  static void ask_at_end(I& invariant, const World& world, Report& report) {
    if constexpr (requires(const Servers<P>& servers) { invariant.at_end(servers, report); }) {
      report.asks(I::kName);
      invariant.at_end(Servers<P>(world), report);
    }
  }
  template <std::size_t... Is>
  void ask_all(const Touched& touched, const P& process, Report& report,
               std::index_sequence<Is...>) {
    ((asked_[Is] ? ask(std::get<Is>(invariants_), touched, process, report) : void()), ...);
  }
  template <class I>
  static void ask(I& invariant, const Touched& touched, const P& process, Report& report) {
    if constexpr (requires { invariant.concerned(touched.node, process); }) {
      if (!invariant.concerned(touched.node, process)) return;
    }
    report.asks(I::kName);
    invariant.after(Servers<P>(touched.world, touched.service), touched.node, process, report);
  }

  std::tuple<Invariants...> invariants_;
  std::array<bool, sizeof...(Invariants)> asked_;
};

/// For the protocol's table.
using MakeWatch = std::unique_ptr<WatchBase> (*)();
template <class P, class... Invariants>
std::unique_ptr<WatchBase> make_watch() {
  return std::make_unique<Watch<P, Invariants...>>();
}

}  // namespace seedbed
