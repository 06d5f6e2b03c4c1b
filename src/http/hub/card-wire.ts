import type * as z from 'zod';
import type { Card } from '../../core/catalog/card.ts';
import type { cardSchema, recordSchema } from './schemas.ts';

export function toRecord(card: Card): z.infer<typeof recordSchema> {
  return {
    slug: card.slug,
    displayName: card.displayName,
    summary: card.summary,
    owner: { displayName: card.namespace, handle: card.namespace, email: card.ownerEmail },
    visibility: card.visibility,
    source: card.source,
    updatedAt: card.updatedAt,
    latestVersion: { version: card.latestVersion },
    tags: card.tags,
    scene: card.scene,
    applicablePosition: card.applicablePosition,
    businessDomain: card.businessDomain,
    business: card.business,
    platform: card.platform,
  };
}

export function toSnapshot(card: Card): z.infer<typeof cardSchema> {
  return {
    slug: card.slug,
    displayName: card.displayName,
    summary: card.summary,
    ownerEmail: card.ownerEmail,
    visibility: card.visibility,
    videoAttachmentUrl: card.videoAttachmentUrl,
    businessCategory: card.businessCategory,
    applicablePosition: card.applicablePosition,
    businessDomain: card.businessDomain,
    business: card.business,
    scene: card.scene,
    platform: card.platform,
    tags: card.tags,
    source: card.source,
    updatedAt: card.updatedAt,
  };
}
