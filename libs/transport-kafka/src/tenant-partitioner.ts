import { partitionsOfTenant } from '@clawdesk/messaging';
import kafkajs, { type ICustomPartitioner } from 'kafkajs';

/** By the key, among the partitions of the record's tenant. Pinned: the partition of a key must never change with a default of the client. */
export const tenantPartitioner: ICustomPartitioner = () => {
  const byKey = kafkajs.Partitioners.DefaultPartitioner();
  return (args) => {
    const shard = partitionsOfTenant(
      args.message.headers?.['ce_tenant']?.toString(),
      args.partitionMetadata.length,
    );
    if (!shard) return byKey(args);
    return shard[byKey({ ...args, partitionMetadata: args.partitionMetadata.slice(0, shard.length) })]!;
  };
};
