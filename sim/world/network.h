// The weather between nodes: what becomes of each message, which links are cut, and what chaos adds
// for a while. A message's fate is a pure function of (seed, link, send time, how-manyth send of
// that node at that time), one separate draw for each question, so that no fault, no option and no
// other message ever changes it.
//
//   Fate fate = network.decide({from, to, now, nth}, name_hash, bytes);
//   if (!fate.lost) arrive_at(now + fate.delay);
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"
#include "sim/world/config.h"
#include "sim/world/topology.h"

namespace seedbed {

struct Fate {
  bool lost = false;
  bool duplicated = false;
  bool corrupted = false;  // a bit of it flips; most messages have a checksum, and are lost
  Duration delay;
  Duration duplicate_delay;
};

/// Weather that a fault adds: hits messages of one name (any, if 0) from or to `nodes`, except
/// those of clients, if they are spared; or, where it is that of a link, messages from `nodes` to
/// `to`.
struct Overlay {
  enum class Kind : std::uint8_t { kLoss, kDelay, kDuplicate, kReorder, kCorrupt, kBandwidth };
  std::uint32_t id = 0;
  std::uint64_t stream = 0;  // its draws are its own
  Kind kind = Kind::kLoss;
  Probability chance;
  Range<Duration> by;
  std::uint64_t only = 0;   // hash of the message's name
  std::vector<bool> nodes;  // by node id
  std::vector<bool> to;     // of a link; empty: of nodes
  bool spares_clients = true;
  std::uint64_t rate = 0;  // kBandwidth: bits per second of the uplinks of `nodes`, at most
};

/// Nodes fall into classes, and messages between some pairs of classes are cut. Class 0 is
/// everybody else, whom no cut touches.
struct Cut {
  static constexpr std::uint32_t kMostClasses = 4096;  // each pair of them costs a bit
  std::uint32_t id = 0;
  std::vector<std::uint16_t> class_of;  // by node id; beyond the end: 0
  std::uint32_t classes = 1;            // class 0 included
  std::vector<bool> blocked;            // classes x classes, row: from
  bool blocks(NodeId from, NodeId to) const {
    const std::uint32_t a = from.value < class_of.size() ? class_of[from.value] : 0;
    const std::uint32_t b = to.value < class_of.size() ? class_of[to.value] : 0;
    return blocked[a * classes + b];
  }
};

class Network {
 public:
  /// `servers` are wired as the topology says; other nodes (clients) reach each of them in one hop.
  Network(const NetworkConfig& config, std::uint64_t seed, std::uint32_t servers);

  Fate decide(const MessageKey& key, std::uint64_t name_hash) const;
  /// Nothing is lost, cut, repeated or queued: the fate of a message is its latency.
  bool is_calm() const { return calm_; }
  Duration latency(const MessageKey& key) const {
    return config_.latency.draw(answer(draw(key), Question::kLatency));
  }
  /// For `tie_break: random`.
  std::uint32_t tie(const MessageKey& key) const {
    return static_cast<std::uint32_t>(answer(draw(key), Question::kTie));
  }
  /// Messages go their own ways at once: no limit to uplinks, no streams.
  bool unlimited() const { return unlimited_; }
  /// The time that `bytes` keep this node's uplink busy.
  Duration transmission(NodeId from, std::uint32_t bytes) const;
  /// Whether `bytes` more do not fit into the queue of an uplink that is busy for `backlog` yet.
  bool overflows(NodeId from, Duration backlog, std::uint32_t bytes) const;
  const std::optional<StreamConfig>& streams() const { return config_.streams; }
  /// Which of its bits flips in a message that is corrupted.
  std::uint64_t flip_of(const MessageKey& key) const { return answer(draw(key), Question::kFlip); }

  bool is_cut(NodeId from, NodeId to) const { return !whole_ && is_cut_now(from, to); }
  const Topology& topology() const { return topology_; }

  std::uint32_t add_cut(Cut cut);
  std::uint32_t add_overlay(Overlay overlay);
  /// Ends a cut or an overlay by the id that adding it gave.
  void remove(std::uint32_t id);

 private:
  /// What is decided about a message; each has a draw of its own.
  enum class Question : std::uint64_t {
    kLatency,
    kLoss,
    kDuplicate,
    kReorder,
    kSecondLatency,
    kCorrupt,
    kTie,
    kFlip,
  };
  static std::uint64_t answer(std::uint64_t message, std::uint64_t question) {
    return scramble(message + (question + 1) * kGolden);
  }
  static std::uint64_t answer(std::uint64_t message, Question question) {
    return answer(message, static_cast<std::uint64_t>(question));
  }
  /// All that is random about a message.
  std::uint64_t draw(const MessageKey& key) const {
    const std::uint64_t link = std::uint64_t{key.from.value} << 32 | key.to.value;
    return scramble(
        fold(fold(seed_ + link, static_cast<std::uint64_t>(key.sent.count())), key.nth + kGolden));
  }

  bool hits(const Overlay& overlay, const MessageKey& key, std::uint64_t name_hash) const;
  bool is_cut_now(NodeId from, NodeId to) const;
  bool is_server(NodeId n) const { return n.value <= servers_; }
  static bool decide_chance(std::uint64_t message, Question question, Probability p);
  /// What the link says of itself, or else `general`, which the network says.
  template <class T>
  const T& setting(std::optional<T> LinkConfig::*own, const T& general, NodeId from,
                   NodeId to) const;
  Probability loss_of(const MessageKey& key) const;
  /// How long the way takes: `bits` are those of its first hop.
  Duration travel(std::uint64_t bits, NodeId from, NodeId to) const;
  Duration travel_far(std::uint64_t bits, NodeId from, NodeId to) const;
  std::optional<std::uint32_t> place_of(NodeId n) const;
  std::uint64_t rate_of(NodeId from) const;
  void apply_overlay(const Overlay& overlay, std::uint64_t bits, Fate& fate) const;
  void apply_decisions(const MessageKey& key, std::uint64_t name_hash, Fate& fate) const;
  void weather_changed();
  void reroute();

  NetworkConfig config_;
  std::uint64_t seed_;
  std::uint32_t servers_;
  Topology topology_;
  bool routed_;  // not complete: messages travel hop by hop
  std::vector<Cut> cuts_;
  std::vector<Overlay> overlays_;
  std::vector<std::uint16_t> place_of_;  // by server, from 0: in which region it is
  std::uint32_t last_id_ = 0;
  bool unlimited_ = true;
  bool even_ = true;   // latency is all that the weather is
  bool calm_ = true;   // that, and no link is cut nor uplink limited
  bool whole_ = true;  // no link can be cut
};

}  // namespace seedbed
