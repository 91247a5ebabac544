/** Which addresses webhooks may be sent to: the Internet, and what the setting names. */
import { describe, expect, it } from 'vitest'
import { createJudge } from '../../../src/webhooks/addresses.ts'

const judge = createJudge([])

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(judge(address)).toBe('public')
    },
  )

  it.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
    ...['169.254.169.254', '169.254.170.2', '100.64.0.1', '100.100.100.200', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1'],
    ...['203.0.113.1', '192.88.99.1', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['::', '::1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:7f00:1'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2001::1', '2001:db8::1', 'fe80::1', 'fec0::1'],
    ...['fc00::1', 'fd00:ec2::254', 'ff02::1', '100::1', '4000::1', '5f00::1', 'fe80::1%eth0', '2606:4700::1%25'],
    ...['', 'localhost', '1', '0x7f.1', '127.1', '010.0.0.1', '2130706433'],
  ])('%j is refused', (address) => {
    expect(judge(address)).toBe('refused')
  })

  it('an address of an allowed network is allowed, also in a wrapper of IPv6, and its neighbours are not', () => {
    const own = createJudge(['10.1.0.0/16', '192.168.7.7', 'loopback', 'fd12:3456::/32'])
    expect(['10.1.255.1', '::ffff:10.1.0.1', '192.168.7.7', '127.0.0.1', '::1', 'fd12:3456::9'].map(own)).toEqual(Array(6).fill('allowed'))
    expect(['10.2.0.1', '192.168.7.8', '169.254.169.254', 'fd12:3457::9', '::ffff:10.2.0.1'].map(own)).toEqual(Array(5).fill('refused'))
    expect(own('8.8.8.8')).toBe('public')
  })
})
