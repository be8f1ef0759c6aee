// Invariants look at a protocol's own state after each event that touched a node. They are
// incremental: they keep what they need from one event to the next and never scan everything. They
// are values and part of the run.
//
//   class ElectionSafety : public Invariant<ElectionSafety, Server> {
//    public:
//     bool concerned(NodeId n, const Server& s);
//     void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);
//   };
//
// `concerned` may be left out: whether anything that it looks at has changed. Most events change
// nothing of the kind, so let it be short.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/world.h"

namespace seedbed {

/// Where an invariant says that it is broken. `shape` is the way of failing, without ids, numbers
/// or times.
class Report {
 public:
  struct Finding {
    std::string message;
    std::string shape;
    std::vector<NodeId> nodes;
  };

  void fail(std::string shape, std::vector<NodeId> nodes, std::string message) {
    findings_.push_back({std::move(message), std::move(shape), std::move(nodes)});
  }
  bool empty() const { return findings_.empty(); }
  std::vector<Finding> take() { return std::exchange(findings_, {}); }

 private:
  std::vector<Finding> findings_;
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

class InvariantBase {
 public:
  virtual ~InvariantBase() = default;
  virtual std::unique_ptr<InvariantBase> clone() const = 0;
  /// Whose state it looks at.
  virtual const ProcessType& watches() const = 0;
  /// At a process of the type that this one watches.
  virtual void look(const Touched& touched, Report& report) = 0;
};

template <class Derived, class P>
class Invariant : public InvariantBase {
 public:
  std::unique_ptr<InvariantBase> clone() const final {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
  const ProcessType& watches() const final { return P::kType; }
  void look(const Touched& touched, Report& report) final {
    auto& self = static_cast<Derived&>(*this);
    const auto& process = static_cast<const P&>(touched.process);
    if constexpr (requires { self.concerned(touched.node, process); }) {
      if (!self.concerned(touched.node, process)) return;
    }
    self.after(Servers<P>(touched.world, touched.service), touched.node, process, report);
  }
};

/// The factory of an invariant, for the protocol's table.
template <class I>
std::unique_ptr<InvariantBase> make_invariant() {
  return std::make_unique<I>();
}

}  // namespace seedbed
