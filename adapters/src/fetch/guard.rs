use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Is this an address of the public internet? Everything else (this machine, its network, the cloud's metadata
/// service, what is reserved) is not to be reached on a stranger's word.
/// Source: IANA's IPv4 and IPv6 special-purpose address registries.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,              // this network, private, loopback
        (100, 64..=127, _) => true,              // shared by carriers
        (169, 254, _) => true,                   // link-local, metadata services
        (172, 16..=31, _) => true,               // private
        (192, 168, _) => true,                   // private
        (192, 0, 0 | 2) | (192, 88, 99) => true, // protocol assignments, documentation, 6to4 relays
        (198, 18 | 19, _) => true,               // benchmarks
        (198, 51, 100) | (203, 0, 113) => true,  // documentation
        (224.., ..) => true,                     // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let s = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (s[0], s[1]) {
        (0x64, 0xff9b) if s[2..6] == [0, 0, 0, 0] => v4(s[6], s[7]), // NAT64 leads to that IPv4 address
        (0x2002, _) => v4(s[1], s[2]),                               // 6to4, the same
        (0x2001, 0..=0x1ff) => false,                                // Teredo, ORCHID and other protocols
        (0x2001, 0xdb8) | (0x3fff, 0..=0xfff) => false,              // documentation
        (first, _) => first & 0xe000 == 0x2000,                      // only global unicast is public
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn private_addresses_are_known_in_every_dress() {
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in
            ["1.1.1.1", "172.32.0.1", "192.167.1.1", "23.227.38.33", "2606:4700::1111", "64:ff9b::101:101"]
        {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
