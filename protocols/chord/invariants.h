// What a Chord ring must never cease to be (Zave 2012, Using Lightweight Modeling to Understand
// Chord; 2017): a member's best successor is the first of its list that is there; those pointers
// form one ordered ring, to which whoever is not on it leads. In the original these are broken; in
// the corrected protocol they hold as long as the base is there. Nothing is promised where crashes
// leave a member with a list of the dead, Zave's operating assumption: in the original for good, in
// the corrected protocol until it has found somebody again, at the latest at the end.
//
// Looked at whenever the pointers of a node have changed, and at the end.
#pragma once

#include <string_view>
#include <vector>

#include "protocols/chord/node.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::chord {

/// The members that are there, clockwise, and whom each points to.
struct Picture {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<const Node*> members;
  std::vector<std::size_t> best;  // position of the best successor; kNone: nobody in it is there
  std::size_t rings = 0;
  std::vector<bool> on_ring;  // on some ring
  std::vector<bool> leads;    // to some ring
};
Picture picture_of(const Servers<Node>& servers);

/// When a picture may be judged: all founders have booted, and Zave's assumptions hold.
class Assumptions {
 public:
  bool concerned(NodeId n, const Node& s) {
    return changes_[n].booted_at != s.booted_at() || changes_[n].changes != s.changes();
  }
  /// Of who has changed.
  bool hold(const Servers<Node>& servers, NodeId n, const Node& s);
  /// At the end.
  bool held(const Servers<Node>& servers) const;

 private:
  struct Seen {
    Time booted_at{-1};
    std::uint32_t changes = 0;
    bool booted = false;
  };
  bool base_is_there(const Servers<Node>& servers, const Node& s) const;
  PerNode<Seen> changes_;
  std::uint32_t booted_ = 0;
  bool broken_ = false;  // once is for ever, in the original
};

template <class Rule>
class OfTheRing {
 public:
  static constexpr std::string_view kName = Rule::kName;
  bool concerned(NodeId n, const Node& s) { return assumptions_.concerned(n, s); }
  void after(const Servers<Node>& servers, NodeId n, const Node& s, Report& report) {
    if (assumptions_.hold(servers, n, s)) Rule::judge(picture_of(servers), n, report);
  }
  void at_end(const Servers<Node>& servers, Report& report) {
    if (assumptions_.held(servers)) Rule::judge(picture_of(servers), {}, report);
  }

 private:
  Assumptions assumptions_;
};

struct AtLeastOne {
  static constexpr std::string_view kName = "at_least_one_ring";
  static void judge(const Picture& picture, NodeId n, Report& report);
};
struct AtMostOne {
  static constexpr std::string_view kName = "at_most_one_ring";
  static void judge(const Picture& picture, NodeId n, Report& report);
};
struct Ordered {
  static constexpr std::string_view kName = "ordered_ring";
  static void judge(const Picture& picture, NodeId n, Report& report);
};
struct Connected {
  static constexpr std::string_view kName = "connected_appendages";
  static void judge(const Picture& picture, NodeId n, Report& report);
};
using AtLeastOneRing = OfTheRing<AtLeastOne>;
using AtMostOneRing = OfTheRing<AtMostOne>;
using OrderedRing = OfTheRing<Ordered>;
using ConnectedAppendages = OfTheRing<Connected>;

/// Left alone, the ring becomes ideal (Stoica et al. 2003, Theorem IV.3; Zave 2017): every node
/// that is up is on it, between its true successor and its true predecessor. Told at the end.
class IdealRing {
 public:
  static constexpr std::string_view kName = "ideal_ring";
  bool concerned(NodeId n, const Node& s) { return assumptions_.concerned(n, s); }
  void after(const Servers<Node>& servers, NodeId n, const Node& s, Report&) {
    assumptions_.hold(servers, n, s);
  }
  void at_end(const Servers<Node>& servers, Report& report);

 private:
  Assumptions assumptions_;
};

}  // namespace seedbed::chord
