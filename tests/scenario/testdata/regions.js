// The same as a map of the world has it
const regions = [
    {
        name: 'east',
        coordinates: [18.4, -33.9],
        latencies: {
            'east': 2,
            'north': 10,
            'west': 72.5
        }
    },
    { name: 'north', latencies: { 'east': 10, 'west': 50 } },
    { name: 'west', latencies: { 'east': 70, 'north': 50, 'west': 0 } }
];
