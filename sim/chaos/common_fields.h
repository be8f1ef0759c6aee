// What the rows of several families share: keys, sources, and the texts of records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/chaos/fault.h"

namespace seedbed {

inline constexpr FaultField kFor = {"for", &Fault::lasts, false,
                                    "how long it lasts; left out: to the end", "200ms..5s"};

// Where a fault comes from: papers and tools in which it broke real systems.
inline constexpr std::string_view kCrashRecovery =
    "Cachin, Guerraoui, Rodrigues 2011, Reliable and Secure Distributed Programming, ch. 2.2";
inline constexpr std::string_view kPartitions =
    "Alquraan et al., OSDI 2018, An Analysis of Network-Partitioning Failures in Cloud Systems";
inline constexpr std::string_view kNetem = "Linux tc-netem(8)";

/// "n1 n2".
std::string text_of(const std::vector<NodeId>& nodes);
/// "10ms..50ms".
std::string text_of(Range<Duration> by);

/// Whom `fault.who` means now and is up; they become `record.on` and the hits to be ended. One
/// draw.
const std::vector<NodeId>& hit_living(World& world, Firing& firing);

/// Takes away the cut or the weather that `under_way.id` names.
void remove_weather(World& world, const UnderWay& under_way);
/// Boots again whoever is still down from this fault.
void restart_all(World& world, const UnderWay& under_way);

}  // namespace seedbed
