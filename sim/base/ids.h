// Who and where. A node has one fate; services live on it side by side; an address names one.
// Node ids count from 1 in the order of the scenario (n1, n2, ..., then the clients c1, c2, ...)
// and are never reused.
#pragma once

#include <compare>
#include <cstdint>

namespace seedbed {

/// 0 is nobody, so that `NodeId voted_for;` starts as the papers' null.
struct NodeId {
  std::uint32_t value = 0;
  constexpr explicit operator bool() const { return value != 0; }
  constexpr auto operator<=>(const NodeId&) const = default;
};

struct ServiceId {
  std::uint8_t value = 0;
  constexpr auto operator<=>(const ServiceId&) const = default;
};

struct Address {
  NodeId node;
  ServiceId service;
  constexpr auto operator<=>(const Address&) const = default;
};

constexpr NodeId kNobody{};

}  // namespace seedbed
