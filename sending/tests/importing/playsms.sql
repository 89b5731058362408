-- MySQL dump 10.13  Distrib 5.5.37, for debian-linux-gnu (i686)
/*!40101 SET NAMES utf8 */;

DROP TABLE IF EXISTS `playsms_featurePhonebook`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `playsms_featurePhonebook` (
  `c_timestamp` bigint(20) NOT NULL DEFAULT '0',
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `uid` int(11) NOT NULL DEFAULT '0',
  `mobile` varchar(100) NOT NULL DEFAULT '',
  `name` varchar(250) NOT NULL DEFAULT '',
  `email` varchar(250) NOT NULL DEFAULT '',
  `tags` varchar(250) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

LOCK TABLES `playsms_featurePhonebook` WRITE;
/*!40000 ALTER TABLE `playsms_featurePhonebook` DISABLE KEYS */;
INSERT INTO `playsms_featurePhonebook` VALUES (0,1,2,'+6591234501','Mei \'M\' O''Hara','',''),(0,2,2,'091234502','Tan; (old), \\','x@example.com',NULL),(0,3,3,'+6591234503','Lee','','');
INSERT INTO `playsms_featurePhonebook` VALUES (0,4,2,'12','Nobody','','');
/*!40000 ALTER TABLE `playsms_featurePhonebook` ENABLE KEYS */;
UNLOCK TABLES;

CREATE TABLE `playsms_featurePhonebook_group` (
  `c_timestamp` bigint(20) NOT NULL DEFAULT '0',
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `uid` int(11) NOT NULL DEFAULT '0',
  `name` varchar(100) NOT NULL DEFAULT '',
  `code` varchar(20) NOT NULL DEFAULT '',
  `flag_sender` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
INSERT INTO `playsms_featurePhonebook_group` VALUES (0,1,2,'Friends','FR',0);

CREATE TABLE `playsms_featurePhonebook_group_contacts` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `gpid` int(11) NOT NULL,
  `pid` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
INSERT INTO `playsms_featurePhonebook_group_contacts` VALUES (1,1,1),(2,1,2);

CREATE TABLE `playsms_tblSMSOutgoing` (
  `id` int(11) NOT NULL,
  `p_msg` text NOT NULL
);
INSERT INTO `playsms_tblSMSOutgoing` VALUES (1,'INSERT INTO `playsms_tblUser` VALUES (0);'),
(2,'two\nlines');

INSERT INTO `playsms_featureStoplist` (`c_timestamp`, `id`, `uid`, `mobile`) VALUES
(0, 1, 2, '+6591234509'),
(0, 2, 2, '091234508');

CREATE TABLE `playsms_tblUser` (
  `parent_uid` int(11) NOT NULL DEFAULT '0',
  `uid` int(11) NOT NULL AUTO_INCREMENT,
  `username` varchar(100) NOT NULL DEFAULT '',
  `password` varchar(32) NOT NULL DEFAULT '',
  `token` varchar(32) NOT NULL DEFAULT '',
  `enable_webservices` int(11) NOT NULL DEFAULT '0',
  `sender` varchar(16) NOT NULL DEFAULT '',
  `replace_zero` varchar(5) NOT NULL DEFAULT '',
  `flag_deleted` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`uid`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8;
INSERT INTO `playsms_tblUser` VALUES (0,2,'tan','21232f297a57a5a743894a0e4a801fc3','t0k3n',1,'TANCO','65',0),(0,3,'lee','x','',0,'','',0),(0,4,'gone','x','',1,'','',1);
