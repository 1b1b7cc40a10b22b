/** IDS/IPS is configured for the whole manager. */
export const intrusionServices =
  '/policy/api/v1/infra/settings/firewall/security/intrusion-services';
